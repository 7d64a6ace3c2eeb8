"""`inspect`: what the object under the cursor is, in the shape of Jupyter's `inspect_reply`."""

import inspect as _inspect

from . import cursor as _cursor
from . import glimpse
from .asks import kind

DOC_MAX = 16_384
SOURCE_MAX = 16_384
MIME = "application/vnd.selvedge.inspect+json"


@kind
def inspect(code, cursor, detail=0):
    """`detail` 1 adds the source. First without running code of the object's own, then with it."""
    expression = _expression(code, cursor)
    if expression is None:
        yield _reply(None)
        return
    if not _cursor.is_plain(expression):
        yield _reply(None)
    exists, value = _cursor.lookup(expression)
    if not exists:
        yield _reply(None)
        return
    about = {"name": expression, "type": glimpse._named(type(value)), "value": glimpse.text(value), "doc": "", "signature": None}
    yield _reply(about)
    about |= _described(value)
    about["value"] = glimpse.text(value, own_code=True)
    about["signature"] = _signature(expression, value)
    if detail:
        about["source"] = _source(value)
    yield _reply(about)


def _expression(code, at):
    """The name under the cursor with what stands before its dots; else what is called around the cursor."""
    end = at
    while end < len(code) and (code[end].isalnum() or code[end] == "_"):
        end += 1
    read = _cursor.Code(code[:end])
    if read.tokens and read.tokens[-1][0] in ("Name", "Match", "Type", "Case") and read.tokens[-1][2] == end:
        begin = read.expression(len(read.tokens))
        if begin is not None:
            return read.source[read.tokens[begin][1] :].strip()
    if read.tokens and read.tokens[-1][0] == "Lpar" and read.tokens[-1][2] == at:
        begin = read.expression(len(read.tokens) - 1)
        if begin is not None:
            return read.source[read.tokens[begin][1] : read.tokens[-1][1]].strip()
    called = read.callee(len(read.tokens))
    return called.strip() if called else None


def _signature(expression, value):
    if not callable(value):
        return None
    try:
        return f"{expression.rpartition('.')[2]}{_inspect.signature(value)}"
    except (TypeError, ValueError):
        return None


def _described(value):
    doc = ""
    try:
        doc = _inspect.getdoc(value) or ""
    except Exception:
        pass
    about = {"doc": str(doc)[:DOC_MAX]}
    code = getattr(_inspect.unwrap(value) if callable(value) else value, "__code__", None)
    if code is not None:
        about["file"], about["line"] = code.co_filename, code.co_firstlineno
    if not isinstance(value, type) and hasattr(value, "__len__"):
        try:
            about["length"] = len(value)
        except Exception:
            pass
    return about


def _source(value):
    try:
        return _inspect.getsource(value)[:SOURCE_MAX]
    except (OSError, TypeError, ValueError, IndexError):
        return None


def _reply(about):
    if about is None:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}
    return {"status": "ok", "found": True, "data": {"text/plain": _plain(about), "text/markdown": _markdown(about), MIME: about}, "metadata": {}}


def _place(about):
    return f"{about['file']}, line {about['line']}" if "file" in about else ""


def _plain(about):
    lines = [f"{title + ':':11}{text}" for title, text in _facts(about)]
    if about.get("source"):
        return "\n".join([*lines, "Source:", about["source"]])
    return "\n".join([*lines, *(["Docstring:", about["doc"]] if about["doc"] else [])])


def _facts(about):
    facts = [("Signature", about["signature"]), ("Type", about["type"])]
    if not about["signature"]:
        facts.append(("Value", about["value"]))
    facts += [("Length", about.get("length")), ("Defined in", _place(about))]
    return [(title, text) for title, text in facts if text not in (None, "")]


def _markdown(about):
    title = about["signature"] or f"{about['name']}: {about['type']}"
    parts = [f"```python\n{title}\n```"]
    if not about["signature"]:
        parts.append(f"```\n{about['value']}\n```")
    if about["doc"]:
        parts.append(about["doc"])
    if about.get("source"):
        parts.append(f"```python\n{about['source']}\n```")
    elif place := _place(about):
        parts.append(f"*Defined in {place}.*")
    return "\n\n".join(parts)
