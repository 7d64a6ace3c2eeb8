# Operator overloading, slices, matrix product, rich comparison
class V:
    def __init__(self, *xs): self.xs = xs
    def __matmul__(self, other): return sum(a * b for a, b in zip(self.xs, other.xs))
    def __getitem__(self, key): return self.xs[key]
    def __eq__(self, other): return self.xs == other.xs
    def __hash__(self): return hash(self.xs)
    def __radd__(self, other): return V(*(other + x for x in self.xs))
assert V(1, 2) @ V(3, 4) == 11 and V(1, 2, 3)[::2] == (1, 3) and 1 + V(1) == V(2) and len({V(1), V(1)}) == 1
