"""Runs one cell after another in one namespace."""

import __main__
import builtins
import sys
from inspect import CO_COROUTINE
from linecache import cache as _sources

from _selvedge import compile_cell

from selvedge._display import VALUE, send

from . import asks, errors, randomness, stdio, waiting
from .stopping import CellStop

_scope = __main__.__dict__


def handle(operation, *fields):
    """What the host calls."""
    if operation == "run":
        try:
            _run(*fields)
        except BaseException as error:
            # Interrupted while it told how the cell ended; that happens once at most.
            errors.report(error)
    elif operation == "renew":
        randomness.renew(*fields)
    elif operation == "ask":
        asks.answer(*fields)


def _run(label, code, stdin, interactive="0"):
    try:
        stdio.begin(stdin, interactive == "1")
        errors.LABELS.add(label)
        # Read only when a traceback or `inspect` asks for it.
        _sources[label] = (lambda: code,)
        compiled = compile_cell(code, label)
        value = eval(compiled, _scope)
        if compiled.co_flags & CO_COROUTINE:
            value = waiting.finish(value)
        if value is not None:
            builtins._ = value
            send(VALUE, value)
    except SystemExit as end:
        _exit(end)
    except CellStop as stop:
        if stop.output is not None:
            send(VALUE, stop.output)
    except BaseException as error:
        errors.report(error)


def _exit(end):
    if end.code is None or end.code == 0:
        return
    try:
        if not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        errors.send("SystemExit", f"the cell ended itself with {end.code!r}", "")
    except BaseException as error:
        errors.report(error)

