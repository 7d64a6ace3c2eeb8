# tries: sleeping for thirty years
# attack: 17
# limits: wall_ms 500
# ends: WallLimit or exception
import time
time.sleep(1e9)
