import sys, tempfile
from pathlib import Path
from tests.soak import latency
from tests.soak.serving import Serving, PLAIN, SERVE
from tests.soak.vendors import Vendors
from tests.soak.report import Report, part_of
cmd = SERVE if "real" in sys.argv else PLAIN
rate=float(sys.argv[1]); secs=float(sys.argv[2])
for sw in sys.argv[3].split(","):
    with tempfile.TemporaryDirectory() as d, Vendors(1) as v, Serving(Path(d), v, cmd, more={"SOAK_SWITCH": sw}) as s:
        latency.load(s, 10, 3, 200, 99)
        f = latency.load(s, rate, secs, 200, 1)
        print(sw, f["codes"], "p50 %.1f p99 %.1f max %.1f late99 %.1f" % (part_of(f["times"],.5), part_of(f["times"],.99), max(f["times"]), part_of(f["late"],.99)), s.waiting("inbox"), flush=True)
