# tries: packing 2 ** 60 zero bytes
# attack: 48
# ends: exception or MemoryLimit
import struct
struct.pack('%dx' % 2**60)
