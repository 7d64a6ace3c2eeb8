# tries: an endless loop
# attack: 1
# limits: wall_ms 500
# ends: WallLimit
while True:
    pass
