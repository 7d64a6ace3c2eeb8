# tries: a warning that is an error, in the hook of breakpoint
# attack: interpreter-crashes
# limits: wall_ms 2_000
# ends: succeeded or exception
import sys, warnings, os
try:
    os.environ['PYTHONBREAKPOINT'] = 'missing_module.function'
except Exception:
    pass
with warnings.catch_warnings():
    warnings.simplefilter('error')
    sys.breakpointhook()
