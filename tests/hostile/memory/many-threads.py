# tries: starting threads until one is refused
# attack: 58
# limits: wall_ms 2_000
# ends: exception or WallLimit
import threading
for _ in range(10**6):
    threading.Thread(target=lambda: None).start()
