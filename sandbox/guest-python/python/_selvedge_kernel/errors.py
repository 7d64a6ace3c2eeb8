"""Tells what went wrong, in the words of CPython, with the user's own frames only."""

import builtins
import linecache
import traceback
from json import dumps

from _selvedge import emit

from . import hints, missing
from .files import is_own

ERROR = 5
MIME = "application/vnd.selvedge.traceback+json"
FRAMES_MAX = 50
CAUSES_MAX = 5
LINE_CHARACTERS_MAX = 500
MESSAGE_CHARACTERS_MAX = 2_000
_GONE = "A cell removed it from `builtins`, where Python keeps its own names. Rewind the kernel to before that cell."
# Of every cell that ran. Frames of other files are not the user's own: the library's, ours.
LABELS = set()


def report(error):
    """Sends `error` to the host."""
    live = builtins.__dict__
    # The library, too, needs Python's own names while it tells what happened: those that a cell took away or replaced.
    taken = {name: live.get(name, _GONE) for name, own in __builtins__.items() if live.get(name, _GONE) is not own}
    for name in taken:
        live[name] = __builtins__[name]
    try:
        _report(error, [name for name, now in taken.items() if now is _GONE])
    finally:
        for name, now in taken.items():
            if now is _GONE:
                live.pop(name, None)
            else:
                live[name] = now


def _report(error, gone):
    told = None
    try:
        _explain(error, gone)
        summary = traceback.TracebackException(type(error), error, error.__traceback__)
        _keep_own_frames(summary, set())
        text = "".join(summary.format())
        told = _structure(summary, error, CAUSES_MAX)
    except BaseException as failure:
        text = text if told is None and "text" in locals() else f"{type(error).__name__} (its traceback cannot be shown: {type(failure).__name__})\n"
    send(type(error).__name__, message(error), text, told)


def send(kind, message, text, told=None):
    made = {"type": kind, "message": message, "traceback": text}
    if told is not None:
        made["data"] = {MIME: told}
    emit(ERROR, dumps(made, ensure_ascii=False))


def source(label):
    """The text of a cell that ran under this label, or of a file; None when there is none."""
    lines = linecache.getlines(label) if label else []
    return "".join(lines) if lines else None


def _explain(error, gone):
    note = None
    if gone and (getattr(error, "name", None) in gone or "__import__ not found" in str(error)):
        note = _GONE
    elif type(error) is ModuleNotFoundError and error.name:
        note = missing.hint(error.name)
    if note and note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _structure(summary, error, causes):
    """As data: what happened, what may have been meant, and the user's own frames, the failing one last."""
    frames = [_frame(frame) for frame in summary.stack[-FRAMES_MAX:]]
    if isinstance(error, SyntaxError) and error.text is not None:
        frames.append(_syntax_frame(error))
    told = {
        "type": type(error).__name__,
        "message": message(error),
        "frames": frames,
        "left_out": max(0, len(summary.stack) - FRAMES_MAX),
        "hint": _hint(error, frames),
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and causes and (before := summary.__cause__ or summary.__context__):
        told["cause" if error.__cause__ else "context"] = _structure(before, cause, causes - 1)
    return told


def _frame(frame):
    line = frame._original_lines.split("\n")[0] if frame._original_lines else frame.line or ""
    begin, end = frame.colno, frame.end_colno
    if begin is not None:
        # Counted in bytes until here.
        begin = len(line.encode()[:begin].decode("utf-8", "replace"))
        end = len(line.encode()[:end].decode("utf-8", "replace")) if end is not None and frame.end_lineno == frame.lineno else len(line)
    return {
        "label": frame.filename,
        "function": None if frame.name == "<module>" else frame.name,
        "line": frame.lineno,
        "end_line": frame.end_lineno,
        "column": begin,
        "end_column": end,
        "source": line[:LINE_CHARACTERS_MAX],
    }


def _syntax_frame(error):
    begin = max(0, (error.offset or 1) - 1)
    end = (error.end_offset or 0) - 1
    return {
        "label": error.filename,
        "function": None,
        "line": error.lineno,
        "end_line": error.end_lineno,
        "column": begin,
        "end_column": end if end > begin and error.end_lineno == error.lineno else begin + 1,
        "source": error.text.rstrip("\n")[:LINE_CHARACTERS_MAX],
    }


def _hint(error, frames):
    if _GONE in getattr(error, "__notes__", ()):
        return None
    try:
        place = ""
        if frames:
            last = frames[-1]
            place = last["source"][last["column"] or 0 : last["end_column"]] or last["source"]
        return hints.hint(error, _own_frame(error.__traceback__), place)
    except Exception:
        return None


def _own_frame(trace):
    found = None
    while trace is not None:
        if _is_own(trace.tb_frame.f_code.co_filename):
            found = trace.tb_frame
        trace = trace.tb_next
    return found


def message(error):
    """One line."""
    try:
        text = ". ".join([str(error)[:MESSAGE_CHARACTERS_MAX], *getattr(error, "__notes__", ())])
        return " ".join(text[:MESSAGE_CHARACTERS_MAX].split())
    except BaseException as failure:
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
