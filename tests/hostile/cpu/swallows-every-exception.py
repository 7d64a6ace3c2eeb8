# tries: catching whatever would stop it
# attack: 1
# limits: wall_ms 500
# ends: WallLimit
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
    finally:
        continue
