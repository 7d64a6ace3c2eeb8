# Threads
import threading
done = []
thread = threading.Thread(target=lambda: done.append(1))
thread.start()
thread.join()
assert done == [1]
