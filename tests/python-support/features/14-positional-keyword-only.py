# Positional-only and keyword-only parameters, unpacking
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return (a, b, c, args, d, e, kw)
assert f(1, *[2, 3, 4], d=4, **{"z": 9}) == (1, 2, 3, (4,), 4, 5, {"z": 9})
first, *middle, last = range(5)
assert (first, middle, last) == (0, [1, 2, 3], 4) and {**{"a": 1}, "b": 2} == {"a": 1, "b": 2}
