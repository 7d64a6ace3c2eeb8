"""Tells what went wrong, in the words of CPython, with the user's own frames only."""

import traceback
from json import dumps

from _selvedge import emit

from .files import is_own
from .missing import hint

ERROR = 5
MESSAGE_CHARACTERS_MAX = 2_000
# Of every cell that ran. Frames of other files are not the user's own: the library's, ours.
LABELS = set()


def report(error):
    """Sends `error` to the host."""
    try:
        _explain(error)
        summary = traceback.TracebackException(type(error), error, error.__traceback__)
        _keep_own_frames(summary, set())
        text = "".join(summary.format())
    except Exception as failure:
        text = f"{type(error).__name__} (its traceback cannot be shown: {type(failure).__name__})\n"
    send(type(error).__name__, message(error), text)


def send(kind, message, text):
    emit(ERROR, dumps({"type": kind, "message": message, "traceback": text}, ensure_ascii=False))


def _explain(error):
    note = None
    if type(error) is ModuleNotFoundError and error.name:
        note = hint(error.name)
    if note and note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def message(error):
    """One line."""
    try:
        text = ". ".join([str(error)[:MESSAGE_CHARACTERS_MAX], *getattr(error, "__notes__", ())])
        return " ".join(text[:MESSAGE_CHARACTERS_MAX].split())
    except Exception as failure:
        return f"its message cannot be shown: {type(failure).__name__}"


def _is_own(filename):
    # `exec` and `eval` of the user have names like <string>.
    return filename in LABELS or is_own(filename) or (filename.startswith("<") and not filename.startswith(("<selvedge>", "<frozen ")))


def _keep_own_frames(summary, seen):
    if summary is None or id(summary) in seen:
        return
    seen.add(id(summary))
    summary.stack[:] = [frame for frame in summary.stack if _is_own(frame.filename)]
    for other in (summary.__cause__, summary.__context__, *(summary.exceptions or ())):
        _keep_own_frames(other, seen)
