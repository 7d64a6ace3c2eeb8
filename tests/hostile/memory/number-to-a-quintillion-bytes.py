# tries: a number as 2 ** 60 bytes
# attack: 48
# ends: OverflowError or MemoryError or MemoryLimit
(0).to_bytes(2**60, 'big')
