"""The table of what is here and what is not: docs/marimo.md."""

import marimo
from marimo import ui

_HEAD = """# marimo in kernels

`import marimo as mo` gives notebooks the names of marimo 0.24 as far as an interpreter without native code can offer them. marimo itself cannot run here: it needs
extension modules. What is not supported raises `NotImplementedError` with the sentence below. The table is made from the module (`marimo/_support.py`), and a
test compares both.

Elements show as `application/vnd.selvedge.ui+json` (`{"id","kind","label","value",…}`) with HTML and text beside it. A page sets a value by running
`__import__("marimo").set_ui(id, value)` in the kernel, like any cell: in order with other runs, kept with its checkpoint, and undone with it.
"""


def table():
    """The page."""
    parts = [_HEAD]
    for title, module, prefix in (("Elements", ui, "mo.ui."), ("Everything else", marimo, "mo.")):
        parts.append(f"## {title}\n\n| name | |\n|---|---|")
        rows = {name: _line(getattr(module, name)) for name in dir(module) if _is_offered(module, name)}
        rows |= {name: f"not supported: {why}" for name, why in module._UNSUPPORTED.items()}
        parts.append("\n".join(f"| `{prefix}{name}` | {rows[name]} |" for name in sorted(rows, key=str.lower)) + "\n")
    return "\n".join(parts)


def _is_offered(module, name):
    value = getattr(module, name)
    if name.startswith("_") or name in ("MIME", "UIElement", "Html" if module is ui else ""):
        return False
    home = getattr(value, "__module__", None) or type(value).__module__
    return home.startswith("marimo" if module is marimo else "marimo.ui") and name not in ("as_html", "escaped") or module is marimo and name in ("as_html", "MarimoStopError")


def _line(value):
    return (value.__doc__ or "").strip().split("\n")[0]
