# tries: combinations of 2 ** 64 elements
# attack: 47, interpreter-crashes
# ends: OverflowError or MemoryError or MemoryLimit
import itertools
itertools.combinations(range(5), 2**64)
