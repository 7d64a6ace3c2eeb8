# tries: every protocol calling itself on its own object
# attack: deep-protocols, interpreter-crashes
# ends: succeeded
# shows: end
class A:
    def __eq__(self, o): return self == o
    def __hash__(self): return hash(self)
    def __lt__(self, o): return self < o
    def __bool__(self): return bool(self)
    def __len__(self): return len(self)
    def __iter__(self): return iter(self)
    def __index__(self): return self.__index__()
    def __getattr__(self, n): return getattr(self, n + 'x')
    def __call__(self): return self()
    def __contains__(self, x): return x in self
    def __getitem__(self, i): return self[i]
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
    def __format__(self, s): return format(self, s)
    def __str__(self): return str(self)
    def __bytes__(self): return bytes(self)
    def __int__(self): return int(self)
    def __float__(self): return float(self)
    def __complex__(self): return complex(self)
    def __dir__(self): return dir(self)
    def __add__(self, o): return self + o
    def __radd__(self, o): return o + self
    def __iadd__(self, o):
        self += o
        return self
    def __copy__(self):
        import copy
        return copy.copy(self)
    def __deepcopy__(self, m):
        import copy
        return copy.deepcopy(self, {})
    def __reduce_ex__(self, p):
        import pickle
        return pickle.dumps(self, p)
    def __instancecheck__(self, x): return isinstance(x, self)
    def __subclasscheck__(self, x): return issubclass(x, self)
    def __set_name__(self, o, n): type('X', (), {'a': self})
    def __fspath__(self):
        import os
        return os.fspath(self)
    def __round__(self): return round(self)
    def __reversed__(self): return reversed(self)
    def __next__(self): return next(self)
    def __neg__(self): return -self
    def __matmul__(self, o): return self @ o
    def __pow__(self, o): return self ** o
    def __missing__(self, k): return self[k]
    def __length_hint__(self):
        import operator
        return operator.length_hint(self)
    def __del__(self): A()
import copy, pickle, operator, os, json
a = A()
fs = [lambda: a == 1, lambda: hash(a), lambda: a < a, lambda: bool(a), lambda: len(a), lambda: list(a), lambda: range(a), lambda: a.x, lambda: a(), lambda: 1 in a, lambda: a[0], lambda: a.__enter__(),
 lambda: format(a), lambda: str(a), lambda: bytes(a), lambda: int(a), lambda: float(a), lambda: complex(a), lambda: dir(a), lambda: a + 1, lambda: 1 + a, lambda: copy.copy(a), lambda: copy.deepcopy(a),
 lambda: pickle.dumps(a), lambda: isinstance(1, a), lambda: issubclass(int, a), lambda: os.fspath(a), lambda: round(a), lambda: reversed(a), lambda: next(a), lambda: -a, lambda: a @ a, lambda: a ** a, lambda: operator.length_hint(a),
 lambda: type('X', (), {'a': a}), lambda: json.dumps(a, default=lambda o: o), lambda: sorted([a, a]), lambda: {a: a}, lambda: '%d' % a, lambda: '%s' % a, lambda: [1][a], lambda: 'a' * a, lambda: sum([a, a]), lambda: max(a, a)]
for i, f in enumerate(fs):
    try: f()
    except RecursionError: pass
    except Exception as e: print(i, type(e).__name__)
print('end')
