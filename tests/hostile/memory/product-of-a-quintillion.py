# tries: an iterator over 99 ** (2 ** 60) tuples
# attack: 47
# ends: OverflowError or MemoryError or MemoryLimit
import itertools
next(itertools.product(range(99), repeat=2**60))
