"""How values look: a MIME bundle, made as Jupyter makes it."""

import base64
from json import dumps

from _selvedge import emit

DISPLAY = 3
VALUE = 4
# Something about what was shown before.
CHANGE = 7

# More than anybody reads; a cell's output has a limit, and one value must not fill it.
PLAIN_CHARACTERS_MAX = 65_536
# An event has room for a little more.
BUNDLE_CHARACTERS_MAX = 900_000

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_latex_", "text/latex"),
    ("_repr_json_", "application/json"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_pdf_", "application/pdf"),
    ("_repr_javascript_", "application/javascript"),
)
_PLAIN_TYPES = frozenset((int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, range, type(None)))


def display(*values, raw=False, include=None, exclude=None, metadata=None, display_id=None, update=False):
    """Shows each value now. With `raw=True` values are MIME bundles themselves: `{"text/html": "<b>hi</b>"}`.

    `include` and `exclude`: MIME types; `metadata`: by MIME type. With a `display_id` (a name, or True for a new one) what is shown can be replaced later,
    by `update_display` or by the handle that comes back.
    """
    if display_id is True:
        display_id = _new_id()
    for value in values:
        if raw:
            made, about = {str(mime): data for mime, data in value.items()}, {}
        else:
            if not update and _shows_itself(value):
                continue
            made, about = bundle(value, include, exclude)
        if metadata:
            about = {**about, **metadata}
        _send(DISPLAY, made, about, display_id, update)
    return None if display_id is None or update else Handle(display_id)


def update_display(value, *, display_id, **options):
    """Replaces what was shown under this name."""
    display(value, display_id=display_id, update=True, **options)


def clear_output(wait=False):
    """Removes what the cell has shown so far. With `wait=True` only when something new is there to take its place."""
    emit(CHANGE, dumps({"data": {}, "metadata": {}, "clear": True, "wait": bool(wait)}))


class Handle:
    """What `display(..., display_id=...)` gives back."""

    def __init__(self, display_id):
        self.display_id = display_id

    def display(self, value, **options):
        """Shows one more value under the same name."""
        display(value, display_id=self.display_id, **options)

    def update(self, value, **options):
        """Replaces what is shown under this name."""
        update_display(value, display_id=self.display_id, **options)

    def __repr__(self):
        return f"<display {self.display_id}>"


_count = 0


def _new_id():
    global _count
    _count += 1
    return f"display-{_count}"


def _shows_itself(value):
    """Jupyter's last word: an object that shows itself by calling `display`."""
    shows = None if isinstance(value, type) else getattr(value, "_ipython_display_", None)
    if shows is None:
        return False
    shows()
    return True


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
        emit(kind, '{"data":{"text/plain":' + _json(_plain(value)) + '},"metadata":{}}')
    elif not _shows_itself(value):
        _send(kind, *bundle(value))


def _send(kind, made, metadata, display_id=None, update=False):
    shown = {"data": made, "metadata": metadata}
    if display_id is not None:
        shown["display_id"] = str(display_id)
    text = _json(shown)
    if len(text) > BUNDLE_CHARACTERS_MAX:
        text = _json(shown | {"data": _smaller(made), "metadata": {}})
    if update:
        text = text[:-1] + ',"update":true}'
    emit(CHANGE if update else kind, text)


def _smaller(made):
    """What of a bundle can be sent, and a word about what cannot."""
    sizes = {mime: len(_json(data)) for mime, data in made.items()}
    kept, left = {}, BUNDLE_CHARACTERS_MAX - 4_096
    for mime in sorted(made, key=sizes.get):
        if sizes[mime] <= left:
            kept[mime] = made[mime]
            left -= sizes[mime]
    dropped = ", ".join(f"{mime} ({sizes[mime]:,} characters)" for mime in made if mime not in kept)
    note = f"[too large to show: {dropped}; at most {BUNDLE_CHARACTERS_MAX:,} characters are shown]"
    kept["text/plain"] = f"{kept.get('text/plain', '')}\n{note}".lstrip()
    return kept


def bundle(value, include=None, exclude=None):
    """Every representation of `value` by MIME type, always one in plain text; and metadata by MIME type."""
    made, metadata = {}, {}
    # A class has the methods of its instances, not its own.
    if not isinstance(value, type):
        everything = getattr(value, "_repr_mimebundle_", None)
        if everything is not None:
            data, about = _with_metadata(everything(include=include, exclude=exclude))
            made.update(data or {})
            metadata.update(about or {})
        for name, mime in _METHODS:
            if mime not in made and (method := getattr(value, name, None)) is not None:
                data, about = _with_metadata(method())
                if data is not None:
                    made[mime] = data
                    if about:
                        metadata[mime] = about
        for mime, data in made.items():
            if isinstance(data, (bytes, bytearray)):
                made[mime] = base64.b64encode(data).decode()
    if "text/plain" not in made:
        made["text/plain"] = _plain(value)
    if include or exclude:
        made = {mime: data for mime, data in made.items() if (not include or mime in include) and mime not in (exclude or ())}
    return made, metadata


def _with_metadata(made):
    """Jupyter's methods may answer `(data, metadata)`."""
    return made if isinstance(made, tuple) and len(made) == 2 else (made, None)


def _plain(value):
    text = repr(value)
    if len(text) > PLAIN_CHARACTERS_MAX:
        return f"{text[:PLAIN_CHARACTERS_MAX]}… ({len(text):,} characters in all)"
    return text


def _json(data):
    # As it is, not escaped: the host replaces lone surrogates, which JSON cannot carry.
    return dumps(data, ensure_ascii=False, default=str)
