# tries: assigning a view of a buffer to another view of it
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
b = bytearray(b'abcdefgh')
m = memoryview(b)
m[0:4] = m[::-1][0:4]
m[1:5] = m[0:4]
