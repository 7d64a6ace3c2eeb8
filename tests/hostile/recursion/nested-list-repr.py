# tries: showing a list that is a hundred thousand lists deep
# attack: 24
# ends: RecursionError or MemoryError
x = []
for _ in range(100_000):
    x = [x]
repr(x)
