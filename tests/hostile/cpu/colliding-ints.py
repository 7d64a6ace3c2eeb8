# tries: a dictionary of numbers that all have the same hash
# attack: 15
# limits: wall_ms 500
# ends: WallLimit
modulus = 2**61 - 1
d = {}
for k in range(1, 10**6):
    d[k * modulus] = k
