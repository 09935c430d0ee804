"""plain serve with timers"""
import time, threading, collections, sys, atexit, contextlib
T=collections.defaultdict(list)
from bot.storage import database as D
orig_w=D.Database._writing
@contextlib.contextmanager
def w(self):
    t=time.perf_counter()
    n=threading.current_thread().name; k="web" if n.startswith("AnyIO") else n.split("-")[1] if "-" in n else n
    with orig_w(self):
        t1=time.perf_counter(); T[k+" lockwait"].append(t1-t)
        yield
        T[k+" held"].append(time.perf_counter()-t1)
D.Database._writing=w
from bot.gateway import webhooks as W
orig_r=W.Webhook.receive
import asyncio
orig_store=W.Webhook._store
async def r(self, req):
    t=time.perf_counter(); req.scope["t0"]=t
    out=await orig_r(self, req); T["receive total"].append(time.perf_counter()-t); return out
W.Webhook.receive=r
orig_auth=None
def s(self,h,raw):
    t=time.perf_counter()
    self._door.authenticate(h, raw); ev=self._door.parse(raw, self._clock.now()); t1=time.perf_counter(); T["auth+parse"].append(t1-t)
    out=self._take_in(ev); T["take_in"].append(time.perf_counter()-t1); T["store total"].append(time.perf_counter()-t); return out
W.Webhook._store=s
def dump():
    for k,v in sorted(T.items()):
        v=sorted(v); n=len(v)
        print(f"PROF {k:22} n={n:5} p50={v[n//2]*1e3:8.1f} p99={v[int(n*.99)]*1e3:8.1f} sum={sum(v):7.2f}", file=sys.stderr, flush=True)
atexit.register(dump)
from tests.soak.plain import main
main()
