# tries: a list of ten billion elements
# attack: 41
# ends: MemoryError or MemoryLimit or OverflowError
[0] * 10**10
