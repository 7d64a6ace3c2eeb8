# tries: dictionaries, sets, lists, arrays and buffers that change in the middle of what is done to them
# attack: interpreter-crashes, 38, 39, 40
# ends: succeeded
# shows: still here
d = {}
class K:
    def __hash__(self): return 1
    def __eq__(self, o): d.clear(); return False
for _ in range(10):
    d[K()] = 1
class M:
    def __hash__(self): return 1
    def __eq__(self, o): d[M()] = 1; return False
try:
    for _ in range(10): d[M()] = 1
except RecursionError: print('r')
s = set()
class S:
    def __hash__(self): return 1
    def __eq__(self, o): s.clear(); s.update(range(1000)); return False
for _ in range(20): s.add(S())
t = {S() for _ in range(2)}
for op in ('union','intersection','difference','symmetric_difference','update','issubset','issuperset','isdisjoint','intersection_update','difference_update','symmetric_difference_update'):
    s = {S(), S(), S()}
    try: getattr(s, op)([S(), S(), S()])
    except RuntimeError as e: print(e)
    try: getattr(s, op)(s)
    except RuntimeError as e: print(e)
d = dict.fromkeys(range(100))
try: d.update((d.clear() or (i, i)) for i in range(100))
except Exception as e: print(e)
for v in (d.keys(), d.values(), d.items()):
    try:
        for x in v: d[len(d)+1000] = 1
    except RuntimeError as e: print(e)
try:
    for x in reversed(d): d.clear()
except RuntimeError as e: print(e)
d = {K(): 1, K(): 2}; e = {K(): 1, K(): 2}
d == e
d | e
d.keys() & e.keys(); d.items() ^ e.items()

L = [3,2,1]*100
class K:
    def __init__(s, v): s.v = v
    def __lt__(s, o):
        L.clear(); L.extend([1]*50); return s.v < o.v
try: L.sort(key=K)
except ValueError as e: print(e)
L = [3,2,1]*10
try: L.sort(key=lambda x: L.sort(key=lambda y: L.append(1)))
except Exception as e: print(e)
L = [3,2,1]*10
def key(x):
    del L[:]
    return x
try: L.sort(key=key)
except Exception as e: print(e)
class E:
    def __eq__(self, o): L.clear(); return False
L = [E() for _ in range(10)]
L.index(0) if False else None
try: L.index(0)
except ValueError: pass
L = [E() for _ in range(10)]; L.count(0)
L = [E() for _ in range(10)]
try: L.remove(0)
except ValueError: pass
L = [E() for _ in range(10)]; 0 in L
L = [E() for _ in range(10)]; L == [E() for _ in range(10)]
L = [E() for _ in range(10)]; max(L, key=lambda x: L.clear() or 1)
L = [1,2,3]
class I:
    def __index__(self): L.clear(); return 1
L.insert(I(), 2)
L = [1,2,3]
try: L.pop(I())
except IndexError as e: print(e)
L = [1,2,3]
try: L[I()] = 5
except IndexError as e: print(e)
L = [1,2,3]
try: L[I():I()] = [1,2]
except IndexError as e: print(e)
L = [1,2,3]; 
L[::2] = (L.clear() or i for i in range(2)) if False else [1,2]
L = [1,2,3]; L.extend(L.clear() or i for i in range(5)); print(L)
L = [1,2,3]; L[:] = (L.clear() or i for i in range(5)); print(L)

b = bytearray(b'abc'*100)
m = memoryview(b)
for f in (lambda: b.append(1), lambda: b.clear(), lambda: b.extend(b), lambda: b.pop(), lambda: b.__setitem__(slice(0,1), b'xx'), lambda: b.__delitem__(0), lambda: b.__iadd__(b'x'), lambda: b.__imul__(2), lambda: b.insert(0,1), lambda: b.remove(97)):
    try: f()
    except BufferError: pass
m.release()
class I:
    def __index__(self): b.clear(); return 1
b = bytearray(b'abc')
try: b[I()] = 1
except IndexError as e: print(e)
b = bytearray(b'abc')
try: b[0] = I()
except IndexError as e: print(e)
b = bytearray(b'abc'); b.insert(2, I())
b = bytearray(b'abc'); b.extend(I() for _ in range(5)); print(b)
b = bytearray(b'abc')
try: b[0:2] = (b.clear() or 1 for _ in range(5))
except Exception as e: print(e)
for x in b: b.append(x) if len(b) < 10000 else None
b = bytearray(range(256)); b.translate(b); b.replace(b, b); b.join([b, b]); b.split(b); b.find(b); b % () if False else 0
import array
a = array.array('i', range(10))
m = memoryview(a)
try: a.append(1)
except BufferError: print('be')
del m
a[:] = a; a.extend(a); a.fromlist(list(a)); a += a; a *= 3
for x in a:
    if len(a) < 1000: a.append(x)
    else: a.pop()
class J:
    def __index__(self): a[:] = array.array('i'); return 0
    def __float__(self): a[:] = array.array('i'); return 0.0
try: a[J()] = 1
except IndexError as e: print(e)
a = array.array('i', range(10))
try: a[0] = J()
except IndexError as e: print(e)
import io
bio = io.BytesIO(b'abc'); v = bio.getbuffer()
for f in (lambda: bio.write(b'x'*100), lambda: bio.truncate(0), lambda: bio.close()):
    try: f()
    except BufferError: pass
v[:] = b'xyz'; v.release()
import struct
s = struct.Struct('3B')
ba = bytearray(3)
class K2:
    def __index__(self): ba.clear(); return 1
try: s.pack_into(ba, 0, K2(), 1, 1)
except Exception as e: print(e)
mv = memoryview(bytearray(10))
class R:
    def __index__(self): mv.release(); return 1
for f in (lambda: mv.__setitem__(R(), 1), lambda: mv.__setitem__(0, R()), lambda: mv[R()], lambda: mv[R():R()], lambda: mv.cast('B', [R()])):
    mv = memoryview(bytearray(10))
    try: f()
    except Exception as e: print(type(e).__name__, e)
print('still here')
