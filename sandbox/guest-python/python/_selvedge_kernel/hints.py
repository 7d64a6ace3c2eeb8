"""What may have been meant: one sentence for each of the commonest mistakes. Nothing here runs code of the user's own but comparing names."""

import ast
import builtins
import difflib
import inspect
import os
import re
import sys
import types

from . import glimpse, missing, syntax_hints

NAMES_MAX = 5_000
FOLDER_MAX = 20

# Type of exception: what explains it. The first answer that is not None counts, most special type first.
_EXPLAIN = {}

_WORDS = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None", "undefined": "None", "NULL": "None"}


def hint(error, frame, place):
    """A sentence or None. `frame`: of the user's own code where it happened, or None; `place`: the source that failed there."""
    if isinstance(error, SyntaxError):
        return syntax_hints.hint(error)
    for kind in type(error).__mro__:
        if (explain := _EXPLAIN.get(kind)) and (found := explain(str(error), error, frame, place)):
            return found
    return None


def _explains(*kinds):
    def keep(function):
        for kind in kinds:
            _EXPLAIN[kind] = function
        return function

    return keep


def _names(frame):
    found = dict(builtins.__dict__)
    if frame is not None:
        found |= frame.f_globals
        found |= frame.f_locals
    return found


def _near(name, names):
    near = difflib.get_close_matches(name, [one for one in list(names)[:NAMES_MAX] if type(one) is str and one != name], 1, 0.7)
    return near[0] if near else None


def _value(node, frame):
    """What an expression of names, attributes and plain subscripts stands for, found without calling anything. Raises LookupError."""
    if isinstance(node, ast.Name):
        return _names(frame)[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute):
        return vars(_value(node.value, frame))[node.attr]
    if isinstance(node, ast.Subscript):
        inner, key = _value(node.value, frame), _value(node.slice, frame)
        if type(inner) in (list, tuple, dict):
            return inner[key]
    raise LookupError


def _find(kind, place, frame):
    """The part of the failing source that is of this kind, with its value: `(source, node)` pairs."""
    try:
        tree = ast.parse(place.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, kind):
            yield node


@_explains(ModuleNotFoundError)
def _module(text, error, frame, place):
    return missing.hint(error.name) if error.name else None


@_explains(ImportError)
def _import(text, error, frame, place):
    module = sys.modules.get(error.name or "")
    wanted = re.search(r"cannot import name '(\w+)'", text)
    if module is None or not wanted:
        return None
    near = _near(wanted[1], vars(module))
    return f"`{error.name}` has `{near}`." if near else f"`{error.name}` has no `{wanted[1]}`; `dir({error.name})` lists what it has."


@_explains(UnboundLocalError)
def _unbound(text, error, frame, place):
    name = error.name or next(iter(re.findall(r"variable '(\w+)'", text)), None)
    return name and f"`{name}` is assigned further down in this function, which makes it a variable of the function's own. Pass it in, or say `global {name}` first."


@_explains(NameError)
def _name(text, error, frame, place):
    name = error.name or next(iter(re.findall(r"name '(\w+)'", text)), None)
    if name is None:
        return None
    if name in _WORDS:
        return f"Python writes `{_WORDS[name]}`."
    if near := _near(name, _names(frame)):
        return f"Did you mean `{near}`?"
    if name in sys.stdlib_module_names:
        return f"`{name}` is a module: `import {name}` first."
    if name in ("np", "pd", "plt", "sns", "tf"):
        return missing.hint({"np": "numpy", "pd": "pandas", "plt": "matplotlib", "sns": "seaborn", "tf": "tensorflow"}[name])
    return f"Nothing is called `{name}` yet: run the cell that defines it, or put quotes around it if it is text."


@_explains(AttributeError)
def _attribute(text, error, frame, place):
    if re.search(r"'NoneType' object has no attribute", text):
        return _about_none(place)
    name, value = error.name, error.obj
    if name is None:
        return None
    if isinstance(value, types.ModuleType):
        names = vars(value)
    else:
        names = {one for base in type(value).__mro__ for one in vars(base)} | set(getattr(value, "__dict__", ()))
    near = _near(name, names)
    if near:
        return f"Did you mean `.{near}`?"
    if isinstance(value, types.ModuleType) and "<" not in (getattr(value, "__file__", None) or "<"):
        return f"This `{value.__name__}` is the file {value.__file__}; rename it if you meant the library."
    if type(value) is dict:
        return f"Keys of a dictionary are looked up with brackets: `[{name!r}]`."
    return None


def _about_none(place):
    for method in ("sort", "reverse", "append", "extend", "insert", "update", "add", "remove", "clear", "shuffle", "print"):
        if f".{method}(" in place or place.startswith(f"{method}("):
            return f"`{method}()` changes its object and returns None; use the object itself afterwards."
    return "The value is None. A function without `return` gives None, and so do methods that change their object, like `list.sort()`."


@_explains(KeyError)
def _key(text, error, frame, place):
    wanted = error.args[0] if error.args else None
    for node in _find(ast.Subscript, place, frame):
        try:
            holder = _value(node.value, frame)
        except Exception:
            continue
        if type(holder) is not dict or wanted in holder:
            continue
        source = ast.unparse(node.value)
        if type(wanted) is str and (near := _near(wanted, holder)):
            return f"`{source}` has the key {near!r}. `.get({wanted!r})` gives None instead of an error."
        for other in (str(wanted), *_numbers(wanted)):
            if other in holder:
                return f"`{source}` has the key {other!r}, which is {_kind(other)}; {wanted!r} is {_kind(wanted)}."
        keys = ", ".join(glimpse.text(key, most=40) for key in list(holder)[:8])
        return f"`{source}` has {f'the keys {keys}' if holder else 'no keys at all'}{', …' if len(holder) > 8 else ''}."
    return None


def _numbers(wanted):
    try:
        return (int(wanted),) if type(wanted) is str else ()
    except ValueError:
        return ()


def _kind(value):
    return "text" if type(value) is str else "a number" if type(value) in (int, float) else f"of type {type(value).__name__}"


@_explains(IndexError)
def _index(text, error, frame, place):
    for node in _find(ast.Subscript, place, frame):
        try:
            holder = _value(node.value, frame)
        except Exception:
            continue
        if type(holder) in (list, tuple, str, bytes, range):
            source, count = ast.unparse(node.value), len(holder)
            if not count:
                return f"`{source}` is empty."
            return f"`{source}` has {count:,} item{'s' * (count != 1)}: the first is `{source}[0]`, the last `{source}[{count - 1}]`."
    if "pop from empty" in text:
        return "The list is empty. `if items:` asks before."
    return None


@_explains(TypeError)
def _type(text, error, frame, place):
    if called := re.search(r"(\w+(?:\.\w+)*)\(\) (?:missing \d|takes |got |expected )", text):
        return _called(called[1].rpartition(".")[2], called[1], frame)
    if re.search(r"can only concatenate str|unsupported operand type\(s\) for \+: '(int|float)' and 'str'|must be str, not", text):
        return "Text and numbers do not add up by themselves: `str(number)` makes text of a number, `int(text)` a number of text; f\"{number}\" puts one into the other."
    if "'NoneType' object" in text or "and 'NoneType'" in text or "'NoneType' and" in text:
        return _about_none(place)
    if found := re.search(r"'(\w+)' object is not callable", text):
        return _not_callable(found[1], place, frame)
    if found := re.search(r"unhashable type: '(\w+)'", text):
        instead = {"list": "a tuple", "dict": "a tuple of its items", "set": "a frozenset"}.get(found[1], "something that does not change")
        return f"Keys of dictionaries and members of sets must not change: use {instead} instead of a {found[1]}."
    if found := re.search(r"list indices must be integers or slices, not (\w+)", text):
        return "A list is asked by position: `items[0]`. For names use a dictionary." if found[1] == "str" else "Positions are whole numbers: `items[int(n)]` or `n // 2` instead of `n / 2`."
    if "'str' object does not support item assignment" in text:
        return "Text does not change: make a new one, for example with `.replace()`."
    if "'tuple' object does not support item assignment" in text:
        return "A tuple does not change: use a list, or make a new tuple."
    if found := re.search(r"'(int|float|bool)' object is not (iterable|subscriptable)", text):
        return f"That is a single number. `range(n)` counts up to one." if found[2] == "iterable" else "That is a single number; it has no parts."
    if "coroutine" in text:
        return "An `async` function gives its value only after `await`."
    if "not supported between instances of" in text:
        return "These two types have no order. Convert one: `int(text)`, or compare with `==` only."
    return None


def _called(name, full, frame):
    for holder in (_names(frame).get(name), *_methods(name, frame)):
        if isinstance(holder, (types.FunctionType, type)):
            try:
                return f"It is called as `{name}{inspect.signature(holder)}`."
            except (ValueError, TypeError):
                return None
    return None


def _methods(name, frame):
    for value in list(_names(frame).values())[:NAMES_MAX]:
        kind = value if isinstance(value, type) else type(value)
        if kind.__module__ == "__main__" and isinstance(found := vars(kind).get(name), types.FunctionType):
            yield found
            # What it was called on is `self`.
            return


def _not_callable(kind, place, frame):
    called = re.match(r"\s*([A-Za-z_]\w*)\s*\(", place)
    if called and hasattr(builtins, called[1]) and frame is not None and called[1] in {**frame.f_globals, **frame.f_locals}:
        return f"`{called[1]}` is a name of yours now and hides Python's own. `del {called[1]}` gives that back."
    if kind in ("list", "dict", "tuple", "str"):
        return "Items are looked up with square brackets: `items[0]`. Is there a comma missing between two things?"
    if kind in ("int", "float"):
        return "A number cannot be called. Is there a `*` missing?"
    if kind == "module":
        return "That is a module. What is wanted is most likely inside it, as in `datetime.datetime(...)`."
    return None


@_explains(ZeroDivisionError)
def _zero(text, error, frame, place):
    for node in _find(ast.BinOp, place, frame):
        if isinstance(node.op, (ast.Div, ast.FloorDiv, ast.Mod)) and not isinstance(node.right, ast.Constant):
            source = ast.unparse(node.right)
            return f"`{source}` is 0 here. `if {source}:` asks before."
    return "The divisor is 0. Ask before dividing: `a / b if b else 0`."


@_explains(ValueError)
def _value_error(text, error, frame, place):
    if found := re.search(r"invalid literal for int\(\) with base \d+: (.*)", text):
        return _number(found[1], "int")
    if found := re.search(r"could not convert string to float: (.*)", text):
        return _number(found[1], "float")
    if found := re.search(r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", text):
        return f"There are {found[2]} values for {found[1]} names. `*rest` takes what is left over."
    if "too many values to unpack" in text:
        return "There are more values than names. `a, b, *rest = values` keeps the others in `rest`."
    if "not in list" in text or "x not in" in text:
        return "What is to be found or removed is not there. `if x in items:` asks before."
    if "math domain error" in text or "nonnegative input" in text or "positive input" in text:
        return "The function is not defined for this number, like the root or logarithm of a negative one; `cmath` has complex ones."
    if "Exceeds the limit" in text and "digits" in text:
        return "The number has too many digits to be written out; `sys.set_int_max_str_digits(0)` permits it."
    if "does not match format" in text:
        return "`%Y-%m-%d %H:%M:%S` reads `2026-11-20 13:05:00`; every character of the format has to be there."
    return None


def _number(shown, wanted):
    try:
        text = ast.literal_eval(shown)
    except (ValueError, SyntaxError):
        return None
    if not isinstance(text, str):
        return None
    plain = text.strip()
    if not plain:
        return "The text is empty."
    if wanted == "int" and re.fullmatch(r"[+-]?\d*\.\d+|[+-]?\d+\.", plain):
        return f"That is a number with a fraction: `float({plain!r})`, and `int(float({plain!r}))` cuts the fraction off."
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return "Commas are not read: `.replace(',', '')` takes them out."
    if wanted == "float" and re.fullmatch(r"[+-]?\d+,\d+", plain):
        return "A comma is not read as a decimal point: `.replace(',', '.')`."
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", plain):
        return f"`int({plain!r}, 16)` reads hexadecimal digits."
    return "The text is not a number. `try: … except ValueError:` deals with such lines."


@_explains(UnicodeDecodeError)
def _decode(text, error, frame, place):
    return "These bytes are not UTF-8. `.decode('latin-1')` reads any bytes, `errors='replace'` keeps what can be read; pictures and archives are opened with mode 'rb'."


@_explains(UnicodeEncodeError)
def _encode(text, error, frame, place):
    return "This encoding has no such character: use 'utf-8'."


@_explains(RecursionError)
def _recursion(text, error, frame, place):
    names = []
    trace = error.__traceback__
    while trace is not None and len(names) < 64:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    most = max(set(names), key=names.count, default="")
    if most and most != "<module>" and names.count(most) > 3:
        return f"`{most}` calls itself again and again. It needs a case that ends without a call, and that every call comes closer to."
    return "Something refers to itself without an end."


@_explains(FileNotFoundError, NotADirectoryError)
def _file(text, error, frame, place):
    path = error.filename
    if type(path) is not str:
        return None
    folder, name = os.path.split(path)
    folder = folder or os.getcwd()
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return f"There is no folder {folder!r}."
    if near := _near(name, entries):
        return f"{folder} has {near!r}."
    listed = ", ".join(entries[:FOLDER_MAX]) + (", …" if len(entries) > FOLDER_MAX else "")
    return f"{folder} holds {listed}." if entries else f"{folder} is empty. Files are written there with `open(name, 'w')`, or sent along."


@_explains(IsADirectoryError)
def _folder(text, error, frame, place):
    return "That is a folder: `os.listdir` tells what is in it."


@_explains(EOFError)
def _end(text, error, frame, place):
    return "There is no input left. Send text with the run, one line for each `input()`, or run it where somebody can answer."


@_explains(MemoryError)
def _memory(text, error, frame, place):
    return "What was asked for is more than the memory that is left. Work on one part after the other (a generator), `del` what is not needed, or ask for more memory."


@_explains(OverflowError)
def _overflow(text, error, frame, place):
    return "The number is larger than a float can hold. Whole numbers have no such limit: `//` instead of `/`."


@_explains(RuntimeError)
def _runtime(text, error, frame, place):
    if "changed size during iteration" in text:
        return "Go through a copy while changing it: `for key in list(d):`."
    if "no running event loop" in text or "asyncio.run() cannot be called" in text:
        return "Cells can wait by themselves: write `await …` without `asyncio.run`."
    return None


@_explains(StopIteration)
def _stop(text, error, frame, place):
    return "The iterator is at its end; `next(it, None)` gives None instead."


@_explains(AssertionError)
def _assertion(text, error, frame, place):
    return None if text else "What was asserted is not true. `assert x, f'{x=}'` shows the value next time."


@_explains(PermissionError)
def _permission(text, error, frame, place):
    return "Cells write in /home and /tmp."


@_explains(KeyboardInterrupt)
def _interrupted(text, error, frame, place):
    return "The cell was interrupted. What it did until then is kept."


def _json(text, error, frame, place):
    document = getattr(error, "doc", "")
    if not document.strip():
        return "The text is empty."
    if document.lstrip()[:1] in "{[" and "'" in document:
        return "JSON has double quotes only. `ast.literal_eval` reads what Python printed."
    if document.lstrip()[:1] == "<":
        return "That is HTML or XML, not JSON."
    return f"It stops at {glimpse.text(document[max(0, error.pos - 10) : error.pos + 10], most=40)}. JSON has no comma before a closing bracket and no comments."


def install():
    """What can be explained only when its module is there."""
    import json

    _EXPLAIN[json.JSONDecodeError] = _json
