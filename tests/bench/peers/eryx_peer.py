"""pyeryx: CPython compiled to WASI in wasmtime; its session snapshots are pickles."""

import eryx

from serve import check, serve, timed

DICTS = "rows = [{'n': n, 'name': str(n)} for n in range(20000)]"


def fresh(n):
    times = []
    for _ in range(n):
        taken, result = timed(lambda: eryx.Sandbox().execute("print(1)"))
        check(bytes(result.stdout, "utf-8") if isinstance(result.stdout, str) else bytes(result.stdout), b"1\n")
        times.append(taken)
    return {"ms": times}


def dicts(n):
    taken, restored, size = [], [], 0
    session = eryx.Session(execution_timeout_ms=60_000)
    session.execute(DICTS)
    for _ in range(n):
        ms, state = timed(session.snapshot_state)
        taken.append(ms)
        size = len(state)
        other = eryx.Session(execution_timeout_ms=60_000)
        ms, _ = timed(lambda: other.restore_state(state))
        restored.append(ms)
    return {"checkpoint_ms": taken, "restore_ms": restored, "bytes": size}


serve({"fresh": fresh, "dicts": dicts})
