"""What shows as HTML: the base of everything that notebooks lay out."""

import base64
import html as _escape
import re

from selvedge._display import bundle


class Html:
    """HTML that a cell shows. `text` is its source; a format string takes it as it is."""

    def __init__(self, text):
        self._source = str(text)

    @property
    def text(self):
        return self._source

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.text, "text/plain": plain_of(self.text)}

    def __format__(self, spec):
        return self.text

    def __repr__(self):
        return plain_of(self.text)

    def center(self):
        """In the middle."""
        return Html(_box("display:flex;justify-content:center", self.text))

    def right(self):
        """At the right."""
        return Html(_box("display:flex;justify-content:flex-end", self.text))

    def left(self):
        """At the left."""
        return Html(_box("display:flex;justify-content:flex-start", self.text))

    def callout(self, kind="neutral"):
        """In a frame that says how much it matters."""
        from ._layout import callout

        return callout(self, kind)

    def style(self, style=None, **properties):
        """With CSS properties."""
        return Html(_box(css(style, properties), self.text))

    def batch(self, **elements):
        """One element of the elements whose names stand in braces here."""
        from .ui import batch

        return batch(self, elements)


def css(style, properties):
    """CSS of a dictionary and of keyword arguments."""
    every = {**(style or {}), **properties}
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in every.items() if value is not None)


def _box(style, inner):
    return f'<div style="{_escape.escape(style)}">{inner}</div>'


def escaped(text):
    """As text in HTML."""
    return _escape.escape(str(text))


def plain_of(source):
    """HTML without its tags."""
    return " ".join(_escape.unescape(re.sub(r"<[^>]*>", " ", source)).split())


def as_html(value):
    """Anything as HTML."""
    if isinstance(value, Html):
        return value
    if isinstance(value, str):
        return Html(f"<span>{escaped(value)}</span>")
    made, _ = bundle(value)
    if "text/html" in made:
        return Html(made["text/html"])
    if "image/svg+xml" in made:
        return Html(made["image/svg+xml"])
    for mime in ("image/png", "image/jpeg"):
        if mime in made:
            return Html(f'<img alt="" src="data:{mime};base64,{made[mime]}">')
    if "text/markdown" in made:
        return md(made["text/markdown"])
    return Html(f"<pre>{escaped(made['text/plain'])}</pre>")


class md(Html):
    """Markdown. What is formatted into it, elements among that, stays what it is."""

    def __init__(self, text, **options):
        import textwrap

        self._markdown = textwrap.dedent(str(text)).strip()
        super().__init__(_markdown(self._markdown))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/markdown": self._markdown, "text/html": self.text, "text/plain": self._markdown}

    def __repr__(self):
        return self._markdown


def _markdown(source):
    """The part of Markdown that notebooks are written in: headings, lists, quotes, code, tables as text, emphasis, links."""
    made, lines, at = [], source.split("\n"), 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith("```"):
            end = next((i for i in range(at + 1, len(lines)) if lines[i].lstrip().startswith("```")), len(lines))
            made.append(f"<pre><code>{escaped(chr(10).join(lines[at + 1 : end]))}</code></pre>")
            at = end + 1
        elif match := re.match(r"(#{1,6})\s+(.*)", line):
            level = len(match[1])
            made.append(f"<h{level}>{_inline(match[2])}</h{level}>")
            at += 1
        elif re.match(r"\s*([-*+]|\d+\.)\s+", line):
            tag = "ul" if re.match(r"\s*[-*+]", line) else "ol"
            items = []
            while at < len(lines) and (match := re.match(r"\s*(?:[-*+]|\d+\.)\s+(.*)", lines[at])):
                items.append(f"<li>{_inline(match[1])}</li>")
                at += 1
            made.append(f"<{tag}>{''.join(items)}</{tag}>")
        elif line.startswith(">"):
            quoted = []
            while at < len(lines) and lines[at].startswith(">"):
                quoted.append(lines[at][1:].strip())
                at += 1
            made.append(f"<blockquote>{_inline(' '.join(quoted))}</blockquote>")
        elif re.fullmatch(r"\s*([-*_])(\s*\1){2,}\s*", line):
            made.append("<hr>")
            at += 1
        elif not line.strip():
            at += 1
        else:
            begin = at
            while at < len(lines) and lines[at].strip() and not re.match(r"#{1,6}\s|>|```|\s*[-*+]\s", lines[at]):
                at += 1
            made.append(f"<p>{_inline(chr(10).join(lines[begin:at]))}</p>")
            at = max(at, begin + 1)
    return "\n".join(made)


def _inline(text):
    text = re.sub(r"`([^`]+)`", lambda match: f"<code>{escaped(match[1])}</code>", text)
    text = re.sub(r"!\[([^\]]*)\]\(([^)\s]+)\)", r'<img alt="\1" src="\2">', text)
    text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*|__(.+?)__", lambda match: f"<strong>{match[1] or match[2]}</strong>", text)
    return re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])", lambda match: f"<em>{match[1] or match[2]}</em>", text)


def data_url(data, mime):
    """Bytes, or text, as the address of themselves."""
    if isinstance(data, str):
        data = data.encode()
    return f"data:{mime};base64,{base64.b64encode(bytes(data)).decode()}"
