# tries: every protocol calling itself on a partner
# attack: deep-protocols
# ends: succeeded
# shows: RecursionError
import operator
kinds = set()
class Evil:
    def __init__(self):
        self.other = self
    def __repr__(self): return repr(self.other)
    def __eq__(self, other): return self.other == other
    def __hash__(self): return hash(self.other)
    def __lt__(self, other): return self.other < other
    def __getitem__(self, key): return self.other[key]
    def __call__(self): return self.other()
    def __iter__(self): return iter(self.other)
    def __len__(self): return len(self.other)
    def __bool__(self): return bool(self.other)
    def __contains__(self, item): return item in self.other
    def __int__(self): return int(self.other)
    def __index__(self): return operator.index(self.other)
    def __float__(self): return float(self.other)
    def __str__(self): return str(self.other)
    def __format__(self, spec): return format(self.other, spec)
    def __neg__(self): return -self.other
    def __dir__(self): return dir(self.other)
    def __instancecheck__(self, x): return isinstance(x, self.other)
    def __getattr__(self, name): return getattr(self.other, name + 'x')
a, b = Evil(), Evil()
a.other, b.other = b, a
for use in (repr, hash, str, len, bool, int, float, iter, dir, operator.index, operator.neg, format,
            lambda x: x == 1, lambda x: x < 1, lambda x: x[0], lambda x: x(), lambda x: 1 in x, lambda x: x.missing,
            lambda x: isinstance(1, x), lambda x: sorted([x, x]), lambda x: {x}, lambda x: list(x), lambda x: '%s' % x, lambda x: max(x, x)):
    try:
        use(a)
        kinds.add('done')
    except Exception as error:
        kinds.add(type(error).__name__)
print(*sorted(kinds))
