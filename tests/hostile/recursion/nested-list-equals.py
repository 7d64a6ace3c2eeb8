# tries: comparing lists that are a hundred thousand lists deep
# attack: 24
# ends: RecursionError or MemoryError
x, y = [], []
for _ in range(100_000):
    x, y = [x], [y]
x == y
