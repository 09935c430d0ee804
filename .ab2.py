import sys, tempfile
from pathlib import Path
from tests.soak import latency
from tests.soak.serving import Serving
from tests.soak.vendors import Vendors
from tests.soak.report import part_of
sw=sys.argv[1]
with tempfile.TemporaryDirectory() as d, Vendors(1) as v:
    s=Serving(Path(d), v, (sys.executable,"-W","ignore",".prof.py"), more={"SOAK_SWITCH": sw}).__enter__()
    f = latency.load(s, 50, 15, 200, 1)
    print(sw, f["codes"], "p50 %.1f p99 %.1f" % (part_of(f["times"],.5), part_of(f["times"],.99)), s.waiting("inbox"))
    s.stop(); print("\n".join(l for l in s.log.read_text().splitlines() if l.startswith("PROF")))
