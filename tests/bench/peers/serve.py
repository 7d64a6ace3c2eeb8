"""What the Python peers share: one request a line on stdin (JSON), one answer a line on the stdout that they began with."""

import json
import os
import sys
import time


def serve(operations):
    """Answers `{"do": name, ...}` with what `operations[name](**rest)` returns, and `{"error": text}` for what fails."""
    # Programs print; only answers go where the benchmark reads.
    answers = os.fdopen(os.dup(1), "w")
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    operations = {"hello": dict, **operations}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request.pop("do")](**request)
        except Exception as error:  # a peer that cannot do something says so; the benchmark goes on
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def timed(work):
    """Milliseconds that `work()` takes, and what it returns."""
    began = time.perf_counter_ns()
    result = work()
    return (time.perf_counter_ns() - began) / 1e6, result


def check(seen, expected):
    """A contestant that does not do the work does not take part."""
    if seen != expected:
        raise AssertionError(f"expected {expected!r}, got {seen!r}")
