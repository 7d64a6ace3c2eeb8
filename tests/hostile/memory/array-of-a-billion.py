# tries: an array of 8 GiB
# attack: 49
# ends: MemoryError or MemoryLimit or OverflowError
import array
array.array('q', [0]) * 2**30
