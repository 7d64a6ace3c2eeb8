# tries: one native call that takes years
# attack: 3, native-loops
# limits: wall_ms 500
# ends: WallLimit
sum(range(10**18))
