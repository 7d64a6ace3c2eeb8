# tries: generators that step, close and clear themselves
# attack: interpreter-crashes
# ends: succeeded
def g():
    yield next(x)
x = g()
try: next(x)
except ValueError: print(1)
def h():
    try: yield 1
    finally:
        y.close()
y = h(); next(y)
try: y.close()
except Exception as e: print(e)
def i():
    while True:
        try: yield
        except GeneratorExit: pass
z = i(); next(z)
try: z.close()
except RuntimeError as e: print(e)
del z
def j():
    yield from j()
try: list(j())
except RecursionError: print('rec')
def k():
    yield
    k.x = sys._getframe()
import sys
a = k(); next(a)
f = a.gi_frame
try: f.clear()
except RuntimeError as e: print(e)
try: next(a)
except Exception as e: print(type(e))
f.clear()
def l():
    try: yield
    finally: f2.clear()
b = l(); next(b); f2 = b.gi_frame
try: b.close()
except Exception as e: print(e)
async def co(): await c
c = co()
try: c.send(None)
except Exception as e: print(e)
g = (x for x in g2) if False else None
def m():
    global mm
    del mm
    yield 1
mm = m(); 
for _ in mm if False else [0]: next(mm)
