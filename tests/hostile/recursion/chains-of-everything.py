# tries: dropping chains of every kind of object that holds another
# attack: 23
# limits: wall_ms 60_000, memory_bytes 536_870_912
# ends: succeeded
# shows: end
class N:
    def __init__(s, n): s.n = n
n = None
for _ in range(200000): n = N(n)
del n
f = None
for _ in range(100000):
    f = (lambda f: lambda: f)(f)
del f
import functools, types
p = print
for _ in range(100000): p = functools.partial(p)
del p
try:
    p = print
    class PP(functools.partial): 
        x = 1
    for _ in range(100000): p = PP(p)
    del p
except RecursionError: print('r')
m = None
for _ in range(100000): m = types.MethodType(print, m or 1)
del m
m = None
for _ in range(100000): m = map(print, m or ())
del m
m = ()
for _ in range(100000): m = zip(m)
del m
m = ()
for _ in range(100000): m = enumerate(m)
del m
m = ()
for _ in range(100000): m = iter(filter(None, m))
del m
m = (1,)
for _ in range(100000): m = reversed([m])
del m
p = None
for _ in range(100000): p = property(p)
del p
p = None
for _ in range(100000): p = staticmethod(p)
del p
s = None
for _ in range(100000): s = slice(s)
del s
d = {}
for _ in range(100000): d = types.MappingProxyType(d) if isinstance(d, dict) else {1: d}
del d
b = b''
m = memoryview(b'abc')
for _ in range(100000): m = memoryview(m)
del m
import weakref, itertools
for mk in (itertools.cycle, lambda x: itertools.islice(x, 1), lambda x: itertools.takewhile(None, x), lambda x: itertools.accumulate(x), lambda x: itertools.starmap(print, x), lambda x: itertools.groupby(x), lambda x: itertools.pairwise(x), lambda x: itertools.batched(x, 2), lambda x: itertools.compress(x, x), lambda x: itertools.zip_longest(x), lambda x: itertools.product(), lambda x: itertools.filterfalse(None, x), lambda x: itertools.dropwhile(None, x)):
    m = iter(())
    for _ in range(50000): m = mk(m)
    del m
c = None
import contextvars
async def co(x): await x
c = co(None)
for _ in range(50000): c = co(c)
del c
def ag(x):
    yield x
c = None
for _ in range(50000): c = ag(c)
del c
c = None
for _ in range(50000):
    c = ag(c); next(c)
del c
g = 1
for _ in range(100000): g = list[g]
del g
t = None
try:
    1/0
except Exception as e: t = e
print('end')
