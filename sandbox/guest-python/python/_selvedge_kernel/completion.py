"""`complete`: what can stand at the cursor, in the shape of Jupyter's `complete_reply`; `is_complete`: whether source can run as it is."""

import codeop
import inspect
import keyword
import os
import re
import sys
import types
import warnings

from . import cursor
from .asks import kind

MATCHES_MAX = 500
CODE_MAX = 200_000

_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*([\w.]*)$")
_FROM = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+(?:\(?\s*[\w\s,]*?[,(\s]\s*)?(\w*)$")
_KEY = re.compile(r"\[\s*([rbuRBU]{0,2})(['\"])((?:(?!\2).)*)$")
_STRING = re.compile(r"(['\"])((?:(?!\1).)*)$")
_WORD = re.compile(r"[^\W\d]\w*$")


@kind
def complete(code, cursor):
    before, after = code[:cursor][-CODE_MAX:], code[cursor:]
    answered = False
    for found in _complete(before, after):
        answered = True
        yield _reply(cursor, *found)
    if not answered:
        yield _reply(cursor, 0, [])


@kind
def is_complete(code):
    """`complete`, `incomplete` (with the indentation that the next line wants) or `invalid`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = codeop.compile_command(code, "<cell>", "exec")
    except (SyntaxError, ValueError, OverflowError):
        yield {"status": "invalid"}
        return
    lines = code.rstrip().splitlines() or [""]
    last = lines[-1]
    indent = " " * (len(last) - len(last.lstrip()))
    opens = last.rstrip().endswith(":")
    # A block goes on until an empty line.
    if compiled is None or opens or indent and not code.endswith("\n"):
        yield {"status": "incomplete", "indent": indent + "    " * opens}
    else:
        yield {"status": "complete"}


def _reply(end, start, found):
    matches = found[:MATCHES_MAX]
    return {
        "status": "ok",
        "matches": [match["text"] for match in matches],
        "cursor_start": end - start,
        "cursor_end": end,
        "metadata": {"_jupyter_types_experimental": [{"start": end - start, "end": end, **match} for match in matches]},
    }


def _complete(before, after):
    """Pairs: how many characters before the cursor are replaced, and the matches."""
    line = before[before.rfind("\n") + 1 :]
    if match := _FROM.match(line):
        yield len(match[2]), _members(match[1], match[2])
        return
    if match := _IMPORT.match(line):
        name = match[1]
        yield len(name.rpartition(".")[2]), _modules(name)
        return
    code = cursor.Code(before)
    if match := _KEY.search(line):
        yield from _keys(before[: len(before) - len(line) + match.start()], match, after)
        return
    last = code.last
    if last is not None and last[2] == len(before):
        if last[0] in ("Comment", "FStringStart", "FStringMiddle"):
            return
        if last[0] == "String" and _is_open(code.text(last)):
            if match := _STRING.search(line):
                yield from _paths(match[2])
            return
        if last[0] in ("Int", "Float", "Complex"):
            return
    word = match[0] if (match := _WORD.search(before)) else ""
    count = len(code.tokens) - bool(word)
    if count and code.text(code.tokens[count - 1]) == ".":
        begin = code.expression(count - 1)
        if begin is not None:
            yield from _attributes(code.source[code.tokens[begin][1] : code.tokens[count - 1][1]], word)
        return
    yield from _names(code, count, word, after)


def _is_open(text):
    """Whether a string's source lacks its end."""
    body = text.lstrip("rRbBuUtTfF")
    quote = body[:3] if body[:3] in ("\"\"\"", "'''") else body[:1]
    return len(body) < 2 * len(quote) or not body.endswith(quote) or body.endswith("\\" + quote) and not body.endswith("\\\\" + quote)


def _matches(candidates, prefix):
    """Those that begin alike, then those that do but for capitals; underscores only when asked for."""
    low = prefix.lower()
    found = [match for match in candidates if match["text"].lower().startswith(low)]
    if not prefix.startswith("_"):
        found = [match for match in found if not match["text"].startswith("_")]
    return sorted(found, key=lambda match: (not match["text"].startswith(prefix), match.get("rank", 1), match["text"].lower()))


def _match(text, value, **more):
    return {"text": text, "type": _type(value), **more}


def _type(value):
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, classmethod, staticmethod, types.MethodDescriptorType)):
        return "function"
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, property):
        return "property"
    return "instance"


def _static(value):
    """Names of attributes, and what the classes say they are, without running anything of the value's own."""
    found = {}
    try:
        found |= object.__getattribute__(value, "__dict__")
    except Exception:
        pass
    for base in reversed(type(value).__mro__) if not isinstance(value, type) else reversed(value.__mro__):
        found |= base.__dict__
    return {name: attribute for name, attribute in found.items() if type(name) is str}


def _attributes(source, word):
    exists, value = cursor.lookup(source)
    if not exists:
        return
    static = _static(value) if not isinstance(value, types.ModuleType) else dict(value.__dict__)
    first = _matches([_match(name, attribute) for name, attribute in static.items()], word)
    yield len(word), first
    try:
        names = [name for name in dir(value) if type(name) is str and name not in static]
    except BaseException:
        return
    if names:
        yield len(word), _matches([_match(name, static.get(name)) for name in [*static, *names]], word)


def _names(code, count, word, after):
    scope = cursor.names()
    candidates = {name: _match(name, value) for name, value in scope.items() if type(name) is str}
    candidates |= {name: {"text": name, "type": "keyword"} for name in keyword.kwlist if name not in ("True", "False", "None")}
    # What this very source names and has not run yet.
    for place, token in enumerate(code.tokens[:count]):
        if token[0] == "Name" and (place == 0 or code.tokens[place - 1][0] != "Dot"):
            candidates.setdefault(code.text(token), {"text": code.text(token), "type": "name"})
    found = list(candidates.values())
    callee = code.callee(count)
    if callee is None:
        yield len(word), _matches(found, word) if word else []
        return
    if cursor.is_plain(callee):
        # Asking a class or a function for its signature can run the user's own code.
        yield len(word), _matches(found, word) if word else []
    exists, function = cursor.lookup(callee)
    arguments = _arguments(function, code, count) if exists else []
    yield len(word), _matches([*arguments, *(found if word else [])], word)


def _arguments(function, code, count):
    try:
        parameters = inspect.signature(function).parameters.values()
    except BaseException:
        return []
    opening = code.enclosing(count)
    given = {code.text(code.tokens[at]) for at in range(opening, count - 1) if code.tokens[at + 1][0] == "Equal"}
    named = [one for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.name not in given]
    return [{"text": f"{one.name}=", "type": "param", "rank": 0} for one in named]


def _keys(source, match, after):
    """Keys of a dictionary whose subscript is being typed."""
    code = cursor.Code(source)
    begin = code.expression(len(code.tokens))
    if begin is None:
        return
    exists, value = cursor.lookup(code.source[code.tokens[begin][1] :])
    if not exists or not isinstance(value, dict):
        return
    quote, typed = match[2], match[3]
    closing = "" if after.startswith(quote) else f"{quote}]" if not after.startswith("]") else quote
    found = []
    for key in list(dict.keys(value))[:MATCHES_MAX]:
        if type(key) is str and key.startswith(typed) and quote not in key and "\\" not in key and key.isprintable():
            found.append(_match(key + closing, dict.get(value, key), rank=0))
    yield len(typed), found


def _modules(name):
    parent, _, word = name.rpartition(".")
    if parent:
        found = _submodules(parent)
    else:
        found = {*sys.stdlib_module_names, *sys.builtin_module_names, *(one for one in sys.modules if "." not in one), "selvedge", "marimo"}
        found |= set(_files())
    return _matches([{"text": one, "type": "module"} for one in found if one.isidentifier() and (not one.startswith("_selvedge"))], word)


def _files():
    for folder in sys.path:
        try:
            for entry in os.listdir(folder or "."):
                if entry.endswith(".py"):
                    yield entry.removesuffix(".py")
                elif "." not in entry:
                    yield entry
        except OSError:
            continue


def _submodules(name):
    known = {one[len(name) + 1 :].partition(".")[0] for one in sys.modules if one.startswith(name + ".")}
    try:
        package = __import__(name, fromlist=["__path__"])
        known |= {attribute for attribute, value in vars(package).items() if isinstance(value, types.ModuleType)}
    except BaseException:
        pass
    return known


def _members(name, word):
    try:
        module = __import__(name, fromlist=["*"])
        offered = {one: value for one, value in vars(module).items()}
    except BaseException:
        return []
    found = [_match(one, value) for one, value in offered.items()]
    return _matches([*found, *({"text": one, "type": "module"} for one in _submodules(name) if one not in offered)], word)


def _paths(typed):
    """Names in the folder that a string names so far."""
    folder, _, word = typed.rpartition("/")
    try:
        entries = sorted(os.listdir(folder or ("/" if typed.startswith("/") else ".")))
    except OSError:
        return
    found = []
    for entry in entries:
        if entry.startswith(word) and (word or not entry.startswith(".")):
            is_folder = os.path.isdir(f"{folder}/{entry}" if "/" in typed else entry)
            found.append({"text": entry + "/" * is_folder, "type": "folder" if is_folder else "file"})
    yield len(word), found
