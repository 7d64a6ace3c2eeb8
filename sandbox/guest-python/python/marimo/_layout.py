"""Putting things beside, above and into each other."""

import json as _json
import mimetypes

from ._html import Html, _box, as_html, css, data_url, escaped, plain_of

_GAPS = {"start": "flex-start", "end": "flex-end", "center": "center", "space-between": "space-between", "space-around": "space-around", "stretch": "stretch"}


def _flex(direction, items, justify, align, gap, wrap, widths):
    if isinstance(items, dict):
        items = items.values()
    shares = [None] * len(items := list(items)) if widths is None else [1] * len(items) if widths == "equal" else list(widths)
    inner = "".join(
        as_html(item).text if share is None else _box(f"flex:{share}", as_html(item).text) for item, share in zip(items, shares)
    )
    style = {
        "display": "flex",
        "flex-direction": direction,
        "justify-content": _GAPS.get(justify, justify),
        "align-items": _GAPS.get(align, align),
        "gap": f"{gap}rem",
        "flex-wrap": "wrap" if wrap else None,
    }
    return Html(_box(css(style, {}), inner))


def hstack(items, *, justify="space-between", align=None, wrap=False, gap=0.5, widths=None):
    """Side by side."""
    return _flex("row", items, justify, align, gap, wrap, widths)


def vstack(items, *, align=None, justify="start", gap=0.5, heights=None):
    """One above the other."""
    return _flex("column", items, justify, align, gap, False, heights)


def accordion(items, *, multiple=False, lazy=False):
    """Titles that open."""
    return Html("".join(f"<details><summary>{escaped(title)}</summary>{as_html(_now(item)).text}</details>" for title, item in items.items()))


def carousel(items):
    """One after the other."""
    return vstack(items)


def _now(item):
    return item() if callable(item) and not isinstance(item, Html) else item


def lazy(element, show_loading_indicator=False):
    """What is made when it is shown; here at once."""
    return as_html(_now(element))


def callout(value, kind="neutral"):
    """A frame that says how much something matters: neutral, warn, success, info, danger."""
    if kind not in ("neutral", "warn", "success", "info", "danger", "alert"):
        raise ValueError(f"a callout is neutral, warn, success, info or danger, not {kind!r}")
    return Html(f'<div role="note" data-kind="{kind}" style="border:1px solid;border-left-width:4px;border-radius:4px;padding:1rem">{as_html(value).text}</div>')


def stat(value, label=None, caption=None, direction=None, bordered=False, target_direction="increase"):
    """A number that matters, with what it is and how it changed."""
    arrow = {"increase": "▲ ", "decrease": "▼ "}.get(direction, "")
    parts = [f"<div>{escaped(label)}</div>" if label else "", f'<div style="font-size:1.75rem;font-weight:600">{escaped(value)}</div>']
    parts.append(f"<small>{arrow}{escaped(caption)}</small>" if caption or arrow else "")
    return Html(_box("border:1px solid;border-radius:4px;padding:1rem" if bordered else "padding:0.25rem", "".join(parts)))


def center(item):
    """In the middle."""
    return as_html(item).center()


def left(item):
    """At the left."""
    return as_html(item).left()


def right(item):
    """At the right."""
    return as_html(item).right()


def style(item, style=None, **properties):
    """With CSS properties."""
    return as_html(item).style(style, **properties)


def plain(value):
    """Without anything interactive."""
    return as_html(value)


def plain_text(text):
    """Text with its spaces and lines."""
    return Html(f"<pre>{escaped(text)}</pre>")


def tree(items, label=""):
    """Lists and dictionaries, nested as they are."""
    return Html((f"<div>{escaped(label)}</div>" if label else "") + _branch(items))


def _branch(value):
    if isinstance(value, dict):
        return "<ul>" + "".join(f"<li>{escaped(name)}: {_branch(item)}</li>" for name, item in value.items()) + "</ul>"
    if isinstance(value, (list, tuple)):
        return "<ul>" + "".join(f"<li>{_branch(item)}</li>" for item in value) + "</ul>"
    return as_html(value).text


def json(data, label=""):
    """JSON."""
    if isinstance(data, str):
        data = _json.loads(data)
    return Html((f"<div>{escaped(label)}</div>" if label else "") + f"<pre>{escaped(_json.dumps(data, indent=2, ensure_ascii=False, default=str))}</pre>")


def latex(text="", *, filename=None):
    """A formula, as its source."""
    return Html(f'<div class="math">\\[{escaped(text)}\\]</div>')


def mermaid(diagram):
    """A diagram, as its source."""
    return Html(f'<pre class="mermaid">{escaped(diagram)}</pre>')


def image(src, alt=None, width=None, height=None, rounded=False, style=None, caption=None):
    """A picture: an address, a path, bytes, or SVG."""
    size = css({"width": _length(width), "height": _length(height), "border-radius": "4px" if rounded else None, **(style or {})}, {})
    shown = f'<img alt="{escaped(alt or "")}" src="{escaped(_address(src, "image/png"))}" style="{escaped(size)}">'
    return Html(f"<figure>{shown}<figcaption>{escaped(caption)}</figcaption></figure>" if caption else shown)


def image_compare(before_image, after_image, **options):
    """Two pictures side by side."""
    return hstack([image(before_image), image(after_image)])


def audio(src, rate=None, normalize=True):
    """Sound."""
    return Html(f'<audio controls src="{escaped(_address(src, "audio/wav"))}"></audio>')


def video(src, controls=True, muted=False, autoplay=False, loop=False, width=None, height=None, rounded=False):
    """A film."""
    return Html(f'<video controls src="{escaped(_address(src, "video/mp4"))}" style="{css({"width": _length(width), "height": _length(height)}, {})}"></video>')


def pdf(src, initial_page=None, width="100%", height="70vh", style=None):
    """A PDF file."""
    return Html(f'<object type="application/pdf" data="{escaped(_address(src, "application/pdf"))}" style="width:{width};height:{height}"></object>')


def download(data, filename=None, mimetype=None, disabled=False, *, label="Download"):
    """A link that saves data."""
    data = data() if callable(data) else data.read() if hasattr(data, "read") else data
    kind = mimetype or (filename and mimetypes.guess_type(filename)[0]) or "application/octet-stream"
    return Html(f'<a download="{escaped(filename or "download")}" href="{data_url(data, kind)}">{escaped(plain_of(str(label)))}</a>')


def iframe(html, *, width="100%", height="400px"):
    """HTML in a page of its own."""
    return Html(f'<iframe sandbox="allow-scripts" srcdoc="{escaped(html)}" style="width:{width};height:{height};border:0"></iframe>')


def icon(icon_name, *, size=None, inline=True, color=None, flip=None, rotate=None, style=None):
    """The name of an icon, in brackets."""
    return Html(f'<span role="img" aria-label="{escaped(icon_name)}">[{escaped(icon_name.rpartition(":")[2])}]</span>')


def nav_menu(menu, *, orientation="horizontal"):
    """Links."""
    links = [f'<a href="{escaped(address)}">{escaped(name)}</a>' for address, name in menu.items() if not isinstance(name, dict)]
    return Html(f"<nav>{' · '.join(links)}</nav>")


def sidebar(item, footer=None, width=None):
    """What stands beside a page; here above it."""
    return vstack([*(item if isinstance(item, (list, tuple)) else [item]), *([footer] if footer is not None else [])])


def outline(*, label=""):
    """The headings of a page: the page has its own."""
    return Html(escaped(label))


def _length(value):
    return f"{value}px" if isinstance(value, (int, float)) else value


def _address(src, mime):
    if hasattr(src, "read"):
        src = src.read()
    if isinstance(src, str) and src.lstrip().startswith("<svg"):
        return data_url(src, "image/svg+xml")
    if isinstance(src, (bytes, bytearray)):
        return data_url(src, mime)
    text = str(src)
    if text.startswith(("http://", "https://", "data:")):
        return text
    with open(text, "rb") as file:
        return data_url(file.read(), mimetypes.guess_type(text)[0] or mime)
