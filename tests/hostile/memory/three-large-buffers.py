# tries: three buffers of 2 GiB
# attack: 43
# ends: MemoryError or MemoryLimit or OverflowError
x = [bytearray(2**31 - 1) for _ in range(3)]
