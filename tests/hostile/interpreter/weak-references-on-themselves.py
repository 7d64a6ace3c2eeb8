# tries: weak references, proxies and finalizers that make more of themselves
# attack: interpreter-crashes, 37
# ends: succeeded
import weakref
class A: pass
a = A()
rs = []
def cb(r):
    rs.append(weakref.ref(x, cb))
x = A()
for _ in range(1000): rs.append(weakref.ref(a, cb))
del a
x = None
d = weakref.WeakKeyDictionary(); s = weakref.WeakSet()
class K:
    def __hash__(self): d.clear(); return 1
    def __eq__(self, o): d.clear(); return True
for _ in range(100):
    try: d[K()] = 1
    except Exception: pass
weakref.finalize(K(), lambda: d.clear())
r = weakref.proxy(K())
try: r.x
except ReferenceError: pass
class P:
    def __getattr__(self, n): return getattr(p, n)
q = P(); p = weakref.proxy(q)
try: p.x
except RecursionError: print('ok')
