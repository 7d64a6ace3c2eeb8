# tries: classes that change their bases, layout and slots under their instances
# attack: interpreter-crashes, 36
# ends: succeeded
# shows: held
class A: pass
class B(A): pass
class S:
    __slots__ = ('x', '__dict__', '__weakref__')
def attempt(*uses):
    for use in uses:
        try:
            use()
        except BaseException:
            pass
a, b, s = A(), B(), S()
attempt(lambda: setattr(A, '__bases__', (B,)), lambda: setattr(B, '__bases__', (int,)), lambda: setattr(a, '__class__', int), lambda: setattr(a, '__class__', S), lambda: setattr(s, '__class__', A), lambda: setattr(A, '__mro__', ()),
        lambda: setattr(int, 'x', 1), lambda: type.__setattr__(object, 'x', 1), lambda: setattr(A, '__dict__', {}), lambda: setattr(a, '__dict__', 7), lambda: setattr(A, '__name__', '\0'), lambda: setattr(A, '__qualname__', 7), lambda: delattr(A, '__module__'),
        lambda: type('x' * 10**6, (A,) * 2, {}), lambda: type('C', (A, B), {}), lambda: type('D', (S, int, str), {}), lambda: type('E', (), {'__slots__': ['a'] * 1000}), lambda: type('F', (), {'__slots__': '\ud800'}), lambda: type('G', (bool,), {}), lambda: type.mro(type), lambda: type.__call__(),
        lambda: object.__new__(int), lambda: int.__new__(A), lambda: A.__init_subclass__(1), lambda: super().__init__(), lambda: super(int, a), lambda: S.x.__get__(a), lambda: S.x.__set__(1, 2), lambda: S.__dict__['x'].__delete__(s), lambda: property().__get__(1), lambda: classmethod(1).__get__(1)())
class Meta(type):
    def mro(cls): return [cls, 7, object, cls]
attempt(lambda: Meta('H', (), {}), lambda: Meta('I', (), {})().x)
class Odd(type):
    def mro(cls): return (object,)
attempt(lambda: Odd('J', (), {})(), lambda: Odd('K', (int,), {})(1) + 1)
print('held')
