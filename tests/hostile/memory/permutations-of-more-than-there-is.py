# tries: permutations of 2 ** 31 elements
# attack: 47, interpreter-crashes
# ends: succeeded or OverflowError or MemoryError or MemoryLimit
import itertools
list(itertools.permutations(range(5), 2**31))
