"""marimo's names, as far as a kernel without native code can offer them. What is not here says so in a sentence; docs/marimo.md lists both."""

import functools as _functools
import pathlib as _pathlib

from _selvedge_kernel.stopping import CellStop as MarimoStopError
from selvedge._display import clear_output as _clear
from selvedge._display import display as _display

from . import ui
from ._app import App, Cell
from ._html import Html, as_html, md
from ._layout import accordion, audio, callout, carousel, center, download, hstack, icon, iframe, image, image_compare, json, latex, lazy, left, mermaid, nav_menu, outline, pdf, plain, plain_text, right, sidebar, stat, style, tree, video, vstack

__version__ = "0.24.0"
__generated_with = "selvedge"


def stop(predicate, output=None):
    """Ends the cell here, with this output, when the predicate holds."""
    if predicate:
        raise MarimoStopError(output)


def state(value, on_change=None, allow_self_loops=False):
    """`(get, set)` of a value that lives beside the cells; `set` takes a value or a function of the old one."""

    def get():
        """The value."""
        return value

    def put(new):
        """Sets the value."""
        nonlocal value
        value = new(value) if callable(new) else new
        if on_change is not None:
            on_change(value)

    return get, put


class _Output:
    """What the cell shows, before its last expression."""

    def append(self, value):
        """Shows this as well."""
        _display(as_html(value))

    def replace(self, value):
        """Shows this instead of everything before."""
        _clear(wait=True)
        _display(as_html(value))

    def replace_at_index(self, value, idx):
        """Not possible here."""
        raise NotImplementedError("`mo.output.replace_at_index` is not supported here: `display(..., display_id=...)` can be replaced one by one.")

    def clear(self):
        """Removes what was shown."""
        _clear()


class _Progress:
    def __init__(self, collection=None, *, title="", subtitle="", completion_title="", completion_subtitle="", total=None, show_rate=True, show_eta=True, remove_on_exit=False, disabled=False):
        self._items = collection
        self._total = total if total is not None else len(collection) if hasattr(collection, "__len__") else None
        self._title, self._subtitle, self._end, self._remove = title, subtitle, completion_title, remove_on_exit
        self._done, self._handle, self._shown = 0, None, None

    def __iter__(self):
        self._show()
        for item in self._items:
            yield item
            self.update()
        self._finish()

    def __enter__(self):
        self._show()
        return self

    def __exit__(self, *error):
        self._finish()

    def update(self, increment=1, title=None, subtitle=None):
        """So much more is done."""
        self._done += increment
        self._title = self._title if title is None else title
        self._subtitle = self._subtitle if subtitle is None else subtitle
        # A hundred steps are seen, more are not.
        step = self._done if not self._total else int(100 * self._done / self._total)
        if step != self._shown:
            self._shown = step
            self._show()

    def _finish(self):
        self._title = self._end or self._title
        self._show(Html("") if self._remove else None)

    def _show(self, instead=None):
        most = f' max="{self._total}"' if self._total else ""
        bar = instead or Html(f"<div>{self._title}</div><progress value=\"{self._done}\"{most}></progress> <small>{self._done}{f' of {self._total}' if self._total else ''} {self._subtitle}</small>")
        if self._handle is None:
            self._handle = _display(bar, display_id=True)
        else:
            self._handle.update(bar)


class _Spinner(_Progress):
    def __init__(self, title="", subtitle="", remove_on_exit=True):
        super().__init__(title=title, subtitle=subtitle, remove_on_exit=remove_on_exit)

    def update(self, title=None, subtitle=None):
        """Says what is done now."""
        super().update(1, title, subtitle)


class _Status:
    progress_bar = _Progress
    spinner = _Spinner


output = _Output()
status = _Status()


def cache(function=None, *, pin_modules=False, loader=None, **options):
    """Remembers what a function gave for its arguments, for as long as the kernel lives."""
    return _functools.lru_cache(maxsize=None)(function) if callable(function) else _functools.lru_cache(maxsize=None)


def lru_cache(function=None, *, maxsize=128, **options):
    """Remembers the last results of a function."""
    return _functools.lru_cache(maxsize=maxsize)(function) if callable(function) else _functools.lru_cache(maxsize=maxsize)


def inspect(value, **options):
    """What a value is and has."""
    rows = {name: type(getattr(value, name, None)).__name__ for name in dir(value) if not name.startswith("_")}
    return vstack([md(f"`{type(value).__name__}`"), plain_text(repr(value)[:2_000]), tree(rows)])


def doc(value):
    """The documentation of a value."""
    import inspect as module

    return plain_text(module.getdoc(value) or "")


def routes(paths):
    """Pages by address: the first one, there is one page here."""
    first = next(iter(paths.values()), "")
    return as_html(first() if callable(first) else first)


def running_in_notebook():
    """True: cells run in a notebook."""
    return True


def notebook_dir():
    """Where files are."""
    return _pathlib.Path("/home")


def notebook_location():
    """Where files are."""
    return notebook_dir()


def cli_args():
    """Arguments of the command line: there are none."""
    return {}


def query_params():
    """Parameters of the page's address: there are none."""
    return {}


class _Meta:
    theme = "light"
    mode = "edit"
    request = None


def app_meta():
    """About the page."""
    return _Meta()


def capture_stdout():
    """`with mo.capture_stdout() as text:` what is printed goes there."""
    import contextlib
    import io

    return contextlib.redirect_stdout(io.StringIO())


def capture_stderr():
    """As `capture_stdout`, for errors."""
    import contextlib
    import io

    return contextlib.redirect_stderr(io.StringIO())


def redirect_stdout():
    """What is printed stays where it is: it is shown with the cell."""
    import contextlib

    return contextlib.nullcontext()


redirect_stderr = redirect_stdout


def set_ui(identity, value):
    """Sets the element with this id, as the page does."""
    ui._set_value(identity, value)


_UNSUPPORTED = {
    "Thread": "a kernel has one thread",
    "MarimoIslandGenerator": "islands are made by marimo's own command",
    "create_asgi_app": "cells serve no pages",
    "mpl": "it needs matplotlib; `selvedge.chart` draws lines, bars, points and areas",
    "persistent_cache": "results live as long as the kernel, which its checkpoints keep: use `mo.cache`",
    "show_code": "the page shows a cell's code itself",
    "sql": "it needs duckdb",
    "watch": "files change only when a cell changes them",
    "defs": "use `dir()`",
    "refs": "use `dir()`",
}


def __getattr__(name):
    if name in _UNSUPPORTED:
        raise NotImplementedError(f"`mo.{name}` is not supported here: {_UNSUPPORTED[name]}.")
    raise AttributeError(f"module 'marimo' has no attribute {name!r}")
