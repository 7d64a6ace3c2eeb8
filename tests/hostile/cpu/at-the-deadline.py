# tries: ending exactly when the time is up
# attack: 97
# limits: wall_ms 120
# ends: succeeded or WallLimit
import time
end = time.monotonic() + 0.118
while time.monotonic() < end:
    pass
