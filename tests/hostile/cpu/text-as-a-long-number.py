# tries: reading ten million digits
# attack: 8, int-digits
# limits: wall_ms 500
# ends: WallLimit or ValueError
int('9' * 10**7)
