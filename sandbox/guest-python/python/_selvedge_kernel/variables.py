"""`variables`: what the user's names are bound to."""

import __main__
import sys
import types
import zlib

from selvedge import _rows

from . import glimpse
from .asks import kind

NAMES_MAX = 1_000
OWN_TEXTS_MAX = 100
PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 12


@kind
def variables(since=None):
    """Every name of the cells' namespace, sorted. `since`: the fingerprints of an earlier answer, by name; then each says whether it `changed`, and `gone`
    names those that are no more.

    First without running code of the user's own, then with it.
    """
    names = sorted(name for name in __main__.__dict__ if type(name) is str and not name.startswith("__") and name != "_")
    shown = names[:NAMES_MAX]
    entries = [_entry(name, __main__.__dict__[name]) for name in shown]
    own = [entry for entry in entries if glimpse.has_own_text(__main__.__dict__[entry["name"]])][:OWN_TEXTS_MAX]
    yield _answer(entries, names, since)
    for entry in own:
        entry["value"] = glimpse.text(__main__.__dict__[entry["name"]], own_code=True)
        entry["fingerprint"] = _fingerprint(__main__.__dict__[entry["name"]], entry["value"])
        yield _answer(entries, names, since)


def _answer(entries, names, since):
    if since is not None:
        for entry in entries:
            entry["changed"] = since.get(entry["name"]) != entry["fingerprint"]
    return {
        "status": "ok",
        "variables": entries,
        "total": len(names),
        "gone": sorted(set(since) - set(names)) if since is not None else [],
    }


def _entry(name, value):
    shown = glimpse.text(value)
    entry = {
        "name": name,
        "type": glimpse._named(type(value)),
        "kind": _kind(value),
        "value": shown,
        "size": _size(value),
        "fingerprint": _fingerprint(value, shown),
    }
    preview = _preview(value)
    return entry | ({"table": preview} if preview else {})


def _kind(value):
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        return "class"
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "function"
    return "value"


_SIZED = (str, bytes, bytearray, list, tuple, dict, set, frozenset, range)


def _size(value):
    """`length` of what has one, `shape` of what has rows of one length, `bytes` of the object itself without what it refers to."""
    size = {}
    if type(value) in _SIZED:
        size["length"] = len(value)
    if type(value) is list and value and type(value[0]) in (list, tuple, dict):
        size["shape"] = [len(value), len(value[0])]
    try:
        size["bytes"] = object.__sizeof__(value) if type(value) not in _SIZED else sys.getsizeof(value)
    except Exception:
        pass
    return size


def _fingerprint(value, shown):
    """Alike as long as the name is bound to the same object that looks the same. A change deep inside something large can go unnoticed."""
    deep = glimpse.text(value, most=4_000) if type(value) in _SIZED else shown
    length = len(value) if type(value) in _SIZED else 0
    return f"{id(value):x}-{length:x}-{zlib.crc32(deep.encode('utf-8', 'replace')):08x}"


def _preview(value):
    """The first rows of a list of dictionaries or of sequences."""
    if type(value) is not list or not value:
        return None
    first = value[:PREVIEW_ROWS]
    if not all(type(row) is dict for row in first) and not all(type(row) in (list, tuple) for row in first):
        return None
    names, rows = _rows.read(first)
    return {
        "columns": names[:PREVIEW_COLUMNS],
        "rows": [[glimpse.text(item, most=60) for item in row[:PREVIEW_COLUMNS]] for row in rows],
        "total": len(value),
    }
