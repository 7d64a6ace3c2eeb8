# tries: leaving its marks wherever others might look
# attack: memory-reuse, global-state
# ends: succeeded
# spoils: its variables
import sys, builtins, os, random, json, gc
mark = _c[1][0]
builtins.mark = sys.mark = json.mark = mark
sys.modules['mark'] = mark
sys.path.append(mark)
try:
    os.environ['MARK'] = mark
except Exception:
    pass
for path in ('/tmp/mark', '/home/mark', 'mark.py', 'sitecustomize.py'):
    try:
        with open(path, 'w') as file:
            file.write(mark)
    except OSError:
        pass
class Later:
    def __del__(self):
        sys.mark = mark * 100
builtins.later = Later()
random.seed(mark)
hoard = [bytearray(mark * 1000, 'ascii') for _ in range(500)]
del hoard
gc.collect()
