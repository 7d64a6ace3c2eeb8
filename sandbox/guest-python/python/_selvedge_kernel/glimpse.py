"""Short text for any value: bounded in length, in depth and in work, and with the user's own code only when that is wanted."""

import types

TEXT_MAX = 200
ITEMS_MAX = 12
DEPTH_MAX = 3

_BRACKETS = {list: "[]", tuple: "()", set: "{}", frozenset: ("frozenset({", "})"), dict: "{}"}
_SIMPLE = (type(None), bool, float, complex, range, type(...), type(NotImplemented))


def text(value, own_code=False, most=TEXT_MAX):
    """At most `most` characters. `own_code`: whether a `__repr__` that is written in Python may run."""
    made = _text(value, own_code, DEPTH_MAX, most)
    return made if len(made) <= most else made[: most - 1] + "…"


def has_own_text(value):
    """Whether how it looks is decided by code written in Python."""
    return isinstance(type(value).__repr__, types.FunctionType)


def _text(value, own_code, depth, most):
    kind = type(value)
    if kind is str:
        return repr(value if len(value) <= most else value[:most])
    if kind in (bytes, bytearray):
        return repr(value if len(value) <= most else value[:most])
    if kind is int:
        return repr(value) if value.bit_length() < 2_048 else f"<int of {value.bit_length():,} bits>"
    if kind in _SIMPLE:
        return repr(value)
    if kind in _BRACKETS:
        return _items(value, kind, own_code, depth, most)
    if isinstance(value, type):
        return f"<class {_named(value)}>"
    if kind is types.FunctionType:
        return f"<function {value.__qualname__}>"
    if kind is types.ModuleType:
        return f"<module {value.__name__!r}>"
    if has_own_text(value):
        return _own(value) if own_code else f"<{_named(kind)} object>"
    if kind.__repr__ is object.__repr__ or kind.__flags__ & _HEAP and issubclass(kind, tuple(_BRACKETS)):
        return f"<{_named(kind)} object>"
    return _own(value)


_HEAP = 1 << 9


def _items(value, kind, own_code, depth, most):
    opening, closing = _BRACKETS[kind]
    if not value:
        return repr(value)
    if depth == 0:
        return f"{opening}…{closing}"
    parts, left = [], most
    for place, item in enumerate(value.items() if kind is dict else value):
        if place == ITEMS_MAX or left <= 0:
            parts.append("…")
            break
        if kind is dict:
            part = f"{_text(item[0], own_code, depth - 1, left)}: {_text(item[1], own_code, depth - 1, left)}"
        else:
            part = _text(item, own_code, depth - 1, left)
        parts.append(part)
        left -= len(part) + 2
    end = "," if kind is tuple and len(value) == 1 else ""
    return f"{opening}{', '.join(parts)}{end}{closing}"


def _own(value):
    try:
        return str(repr(value))
    except BaseException as error:
        return f"<{_named(type(value))} object; its repr raises {type(error).__name__}>"


def _named(kind):
    module = kind.__dict__.get("__module__")
    name = type.__getattribute__(kind, "__qualname__")
    return name if module in ("builtins", "__main__", None) or type(module) is not str else f"{module}.{name}"
