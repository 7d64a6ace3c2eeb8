# tries: a function whose code is noise
# attack: 85
# limits: wall_ms 2_000
# ends: succeeded or exception or Crash or WallLimit or MemoryLimit
import random
source = random.Random(13)
def f(a=1, *b, **c):
    return a
good = f.__code__
for _ in range(500):
    try:
        f.__code__ = good.replace(co_code=source.randbytes(40))
        f()
    except Exception:
        pass
