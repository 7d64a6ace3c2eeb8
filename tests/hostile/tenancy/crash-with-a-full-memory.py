# tries: leaving its memory full of its pattern when it crashes
# attack: memory-reuse
# ends: Crash or exception
import os
hoard = [bytearray(_c[1][0] * 1000, 'ascii') for _ in range(500)]
os.abort()
