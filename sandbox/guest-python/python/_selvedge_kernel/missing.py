"""What to say about modules that are not here."""

import difflib
import sys

_TABLES = "`selvedge.table`, `selvedge.chart`, `statistics` and `array` are the closest here"
_NETWORK = "cells have no network"

# Name of the module: why it is not here, or what to use instead.
_NATIVE = {
    "numpy": _TABLES,
    "pandas": _TABLES,
    "polars": _TABLES,
    "pyarrow": _TABLES,
    "scipy": "`statistics`, `math` and `cmath` are the closest here",
    "sklearn": "`statistics` is the closest here",
    "torch": None,
    "tensorflow": None,
    "jax": None,
    "cv2": None,
    "PIL": "draw SVG and show it with `selvedge.svg`",
    "lxml": "`xml.etree.ElementTree` is here",
    "matplotlib": "`selvedge.chart` draws lines, bars, points and areas",
    "seaborn": "`selvedge.chart` draws lines, bars, points and areas",
    "plotly": "`selvedge.chart` draws lines, bars, points and areas",
    "altair": "`selvedge.chart` draws lines, bars, points and areas",
    "ctypes": None,
    "sqlite3": None,
}
_NETWORKED = ("requests", "httpx", "aiohttp", "urllib3", "boto3", "websockets", "paramiko", "psycopg2", "redis", "ssl")


def hint(name):
    """One sentence."""
    # What fails is often the native half of a module.
    root = name.partition(".")[0].lstrip("_")
    if root in _NATIVE:
        instead = _NATIVE[root]
        return f"`{root}` needs native code and is not available here" + (f": {instead}." if instead else ".")
    if root in _NETWORKED:
        return f"`{root}` is not available here: {_NETWORK}."
    if root in sys.stdlib_module_names:
        return f"`{root}` is part of Python that needs an operating system and is not available here."
    near = difflib.get_close_matches(root, [*sys.stdlib_module_names, *_NATIVE, "marimo", "selvedge"], 1, 0.8)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"`{root}` is not available here: cells have Python's standard library, `selvedge`, and the packages of their environment."
