"""pydantic-monty: an interpreter for a part of Python, in a pool of processes of its own."""

import pydantic_monty

from serve import check, serve, timed

DICTS = "rows = [{'n': n, 'name': str(n)} for n in range(20000)]"

pool = pydantic_monty.Monty(min_processes=2).__enter__()


def run():
    printed = pydantic_monty.CollectString()
    with pool.checkout() as session:
        session.feed_run("print(1)", print_callback=printed)
    return printed.output


def fresh(n):
    times = []
    for _ in range(n):
        taken, output = timed(run)
        check(output, "1\n")
        times.append(taken)
    return {"ms": times}


def dicts(n):
    taken, restored, size = [], [], 0
    with pool.checkout() as session:
        session.feed_run(DICTS)
        for _ in range(n):
            ms, state = timed(session.dump)
            taken.append(ms)
            size = len(state)
            with pool.checkout() as other:
                ms, _ = timed(lambda: other.load_session(state))
                check(other.feed_run("len(rows)"), 20000)
            restored.append(ms)
    return {"checkpoint_ms": taken, "restore_ms": restored, "bytes": size}


serve({"fresh": fresh, "dicts": dicts})
