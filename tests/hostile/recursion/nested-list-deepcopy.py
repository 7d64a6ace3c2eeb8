# tries: copying a list that is a hundred thousand lists deep
# attack: 24
# ends: RecursionError or MemoryError
import copy
x = []
for _ in range(100_000):
    x = [x]
copy.deepcopy(x)
