# tries: leaving its memory full of its pattern when it is killed
# attack: memory-reuse
# limits: wall_ms 1_000
# ends: WallLimit or MemoryLimit or MemoryError
hoard = []
while True:
    hoard.append(bytearray(_c[1][0] * 100, 'ascii'))
