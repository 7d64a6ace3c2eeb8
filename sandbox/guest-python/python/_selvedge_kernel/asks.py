"""Answers questions about the kernel's state. The host puts them to a copy of the kernel and throws the copy away, so nothing here has to tidy up, and
code of the user's own that runs meanwhile changes nothing. It can go on for ever, though: then the answer that was given before counts, so every
answer that needs such code is given twice, without it first.

A question is JSON with one key, its name: `{"complete": {"code": "im", "cursor": 2}}`.
"""

from json import dumps, loads

from _selvedge import emit

ANSWER = 6

# Name of the question: a generator of answers, each better than the one before.
_KINDS = {}


def kind(function):
    """Makes a generator function the one that answers the question of its name."""
    _KINDS[function.__name__] = function
    return function


def answer(question):
    """What the host calls."""
    name, arguments = next(iter(loads(question).items()))
    if name not in _KINDS:
        return
    answered = False
    try:
        for made in _KINDS[name](**arguments):
            answered = True
            emit(ANSWER, dumps(made, ensure_ascii=False, default=str))
    except BaseException as error:
        if answered:
            return
        emit(ANSWER, dumps({"status": "error", "ename": type(error).__name__, "evalue": _message(error)}, ensure_ascii=False))


def _message(error):
    try:
        return str(error)[:1_000]
    except BaseException:
        return ""


def load():
    """Imports everything that answers."""
    from . import completion, inspection, variables

    import selvedge._paging
