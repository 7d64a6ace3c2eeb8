"""CPython itself: runs a program in this process and times it from inside."""

import time

from serve import serve


def program(path):
    with open(path) as file:
        code = compile(file.read(), path, "exec")
    scope = {"__name__": "__main__"}
    began = time.perf_counter_ns()
    exec(code, scope)
    return {"ms": [(time.perf_counter_ns() - began) / 1e6], "checksum": str(scope["checksum"])}


serve({"program": program})
