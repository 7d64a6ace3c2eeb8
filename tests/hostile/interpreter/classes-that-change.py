# tries: classes that change their bases, order, names and slots while they are made and used
# attack: interpreter-crashes, 35
# ends: RecursionError or succeeded
class A: pass
class B(A): pass
try: A.__bases__ = (B,)
except TypeError as e: print(e)
class M(type):
    def mro(cls):
        cls.__bases__ = (object,) if False else cls.__bases__
        return type.mro(cls)
class C(metaclass=M): pass
class N(type):
    def mro(cls): return []
try:
    class D(metaclass=N): pass
except Exception as e: print(e)
class O(type):
    def mro(cls): return [cls, int, str, object]
try:
    class E(metaclass=O): pass
except Exception as e: print(e)
class P(type):
    def mro(cls): return [1, 2]
try:
    class F(metaclass=P): pass
except Exception as e: print(e)
class G:
    __slots__ = ('a',)*1 + ('b',)
    def __del__(self): self.__class__ = A
try: G()
except Exception as e: print(e)
g = G()
try: g.__class__ = A
except TypeError as e: print(e)
try: A.__name__ = 'a\0b'
except ValueError as e: print(e)
try: A.__dict__['x'] = 1
except TypeError as e: print(e)
try: type('X', (bool,), {})
except TypeError as e: print(e)
try: type('X', (int, str), {})
except TypeError as e: print(e)
try: type.__new__(type, 'x')
except TypeError as e: print(e)
for f in (lambda: type.__call__(type), lambda: object.__new__(int), lambda: int.__new__(object), lambda: type.__init__(int), lambda: type.mro(type), lambda: super(type, 1), lambda: super().x, lambda: object.__reduce_ex__(1, 2), lambda: object.__init_subclass__(1), lambda: type.__prepare__(1,2,3,4), lambda: type.__subclasses__(), lambda: property().__get__(1), lambda: classmethod(1).__get__(1)(), lambda: staticmethod(1)()):
    try: f()
    except Exception as e: pass
A.__eq__ = A.__hash__ = A.__getattribute__ = 1
try: A() == A()
except Exception as e: print(e)
try: A().x
except Exception as e: print(e)
class Q:
    def __getattribute__(self, n): return object.__getattribute__(self, n)
    def __setattr__(self, n, v): setattr(self, n, v)
    def __delattr__(self, n): delattr(self, n)
for f in (lambda: setattr(Q(), 'a', 1), lambda: delattr(Q(), 'a')):
    try: f()
    except RecursionError: print('r')
class R:
    x = property(lambda s: s.x)
try: R().x
except RecursionError: print('r')
class T(type):
    def __instancecheck__(c, x): return isinstance(x, c)
    def __subclasscheck__(c, x): return issubclass(x, c)
class U(metaclass=T): pass
for f in (lambda: isinstance(1, U), lambda: issubclass(int, U)):
    try: f()
    except RecursionError: print('r')
t = (int,)
for _ in range(10**5): t = (t,)
try: isinstance('', t)
except RecursionError: print('r')
u = int
for i in range(2000): u = u | type(f'X{i}', (), {})
isinstance('', u)
