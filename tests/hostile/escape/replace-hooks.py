# tries: hooks that run when it does not
# attack: 79
# ends: succeeded or exception
import sys, builtins
def hook(*a, **k):
    raise SystemExit('hooked')
sys.excepthook = sys.displayhook = sys.unraisablehook = sys.breakpointhook = hook
sys.meta_path.insert(0, hook)
sys.path_hooks[:] = [hook]
try:
    sys.settrace(hook)
    sys.setprofile(hook)
except BaseException:
    pass
class Out:
    def write(self, text):
        raise KeyboardInterrupt
    flush = write
sys.stderr = Out()
del sys.stderr
7
