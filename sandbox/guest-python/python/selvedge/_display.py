"""How values look: a MIME bundle, made as Jupyter makes it."""

import base64
from json import dumps

from _selvedge import emit

DISPLAY = 3
VALUE = 4

# More than anybody reads; a cell's output has a limit, and one value must not fill it.
PLAIN_CHARACTERS_MAX = 65_536

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_latex_", "text/latex"),
    ("_repr_json_", "application/json"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
)
_PLAIN_TYPES = frozenset((int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, range, type(None)))


def display(*values, raw=False):
    """Shows each value now. With `raw=True` values are MIME bundles themselves: `{"text/html": "<b>hi</b>"}`."""
    for value in values:
        if raw:
            emit(DISPLAY, _json({str(mime): data for mime, data in value.items()}))
        else:
            send(DISPLAY, value)


def html(source):
    """Something that shows as HTML (apart from the page, in a frame of its own)."""
    return _Markup("text/html", source)


def markdown(source):
    """Something that shows as Markdown."""
    return _Markup("text/markdown", source)


def svg(source):
    """Something that shows as an SVG picture."""
    return _Markup("image/svg+xml", source)


class _Markup:
    def __init__(self, mime, source):
        self._mime = mime
        self._source = str(source)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {self._mime: self._source, "text/plain": self._source}

    def __repr__(self):
        return self._source


def send(kind, value):
    """Hands the host what `value` looks like."""
    if type(value) in _PLAIN_TYPES:
        emit(kind, '{"text/plain":' + _json(_plain(value)) + "}")
    else:
        emit(kind, _json(bundle(value)))


def bundle(value):
    """Every representation of `value`, by MIME type; always one in plain text."""
    made = {}
    # A class has the methods of its instances, not its own.
    if not isinstance(value, type):
        everything = getattr(value, "_repr_mimebundle_", None)
        if everything is not None:
            made.update(_data(everything()) or {})
        for name, mime in _METHODS:
            if mime not in made and (method := getattr(value, name, None)) is not None:
                data = _data(method())
                if isinstance(data, (bytes, bytearray)):
                    data = base64.b64encode(data).decode()
                if data is not None:
                    made[mime] = data
    if "text/plain" not in made:
        made["text/plain"] = _plain(value)
    return made


def _data(made):
    """Jupyter's methods may answer `(data, metadata)`."""
    return made[0] if isinstance(made, tuple) else made


def _plain(value):
    text = repr(value)
    if len(text) > PLAIN_CHARACTERS_MAX:
        return f"{text[:PLAIN_CHARACTERS_MAX]}… ({len(text):,} characters in all)"
    return text


def _json(data):
    # As it is, not escaped: the host replaces lone surrogates, which JSON cannot carry.
    return dumps(data, ensure_ascii=False, default=str)
