# tries: the frames and functions of whoever called it
# attack: 77, object-walk
# ends: succeeded
# shows: up
import sys
frame = sys._getframe()
while frame.f_back is not None:
    frame = frame.f_back
    frame.f_globals['__builtins__'] = {}
    frame.f_locals["handle"] = None
    frame.f_trace = lambda *a: 1 / 0
print('up')
