# tries: threads, which are not there
# attack: 58
# limits: wall_ms 2_000
# ends: exception
import threading
threading.stack_size(2**31)
threading.Thread(target=print).start()
