# tries: hooks for monitoring with wrong arguments
# attack: interpreter-crashes, 79
# ends: succeeded
# shows: end
import sys
m = sys.monitoring
for n in dir(m):
    f = getattr(m, n)
    if callable(f):
        for args in ((), (1,), (None,), (1, 'x'), (-1, 2), (2**64,), (1, 2, 3), (1, 2, lambda *a: 1), (0, -1)):
            try: f(*args)
            except BaseException as e: pass
print('end')
