import json
import sys

_rows = {}
for _name in sorted(sys.stdlib_module_names):
    if _name.startswith("_") or _name in ("antigravity", "this", "idlelib", "turtledemo", "__main__"):
        continue
    try:
        __import__(_name)
        _rows[_name] = None
    except BaseException as _error:
        _rows[_name] = f"{type(_error).__name__}: {_error}".splitlines()[0][:160]
sys.__stdout__.write(json.dumps(_rows) + "\n")
