# tries: a text whose size is a multiple of 4 GiB, so that 32-bit arithmetic sees nothing
# attack: 42
# ends: MemoryError or MemoryLimit or OverflowError
'a' * 2**33
