"""Tables."""

import html

from . import _rows

ROWS_MAX = 1_000
TEXT_ROWS_MAX = 20
TEXT_WIDTH_MAX = 40
HTML_ROWS_MAX = 100

MIME = "application/vnd.selvedge.table+json"


def table(rows, columns=None):
    """Shows rows as a table that can be sorted and searched.

    `rows`: a list of dictionaries, of lists, or anything else that has rows; `columns`: which ones, or their names. The first 1,000 rows are shown.
    """
    return Table(*_rows.read(rows, columns))


# Tables with more rows than are shown, by their id, the newest last: the rest can be asked for page by page.
_kept = {}
KEPT_MAX = 32


def kept(identity):
    """The table that was shown under this id; None when there is none any more."""
    return _kept.get(identity)


class Table:
    """What `table` makes."""

    def __init__(self, names, records):
        self._names = names
        self._records = records
        self._rows = [[_rows.plain(value) for value in record] for record in records[:ROWS_MAX]]
        self._kinds = [_rows.kind(record[i] for record in records[:ROWS_MAX]) for i in range(len(names))]
        self._total = len(records)
        self._id = None

    @property
    def names(self):
        """Of the columns."""
        return self._names

    @property
    def records(self):
        """All rows, as lists in the order of the columns."""
        return self._records

    def _identity(self):
        if self._id is None and self._total > ROWS_MAX:
            numbers = [int(identity[1:]) for identity in _kept]
            self._id = f"t{max(numbers, default=0) + 1}"
            _kept[self._id] = self
            while len(_kept) > KEPT_MAX:
                del _kept[next(iter(_kept))]
        return self._id

    def _repr_mimebundle_(self, include=None, exclude=None):
        columns = [{"name": name, "type": kind} for name, kind in zip(self._names, self._kinds)]
        rest = {"id": self._identity()} if self._total > ROWS_MAX else {}
        return {
            MIME: {**rest, "columns": columns, "rows": self._rows, "total": self._total},
            "text/html": self._html(),
            "text/plain": repr(self),
        }

    def _html(self):
        def line(tag, values):
            return "<tr>" + "".join(f"<{tag}>{html.escape(_text(value))}</{tag}>" for value in values) + "</tr>"

        body = "".join(line("td", row) for row in self._rows[:HTML_ROWS_MAX])
        return f"<table><thead>{line('th', self._names)}</thead><tbody>{body}</tbody></table>"

    def __repr__(self):
        rows = [[_short(_text(value)) for value in row] for row in self._rows[:TEXT_ROWS_MAX]]
        names = [_short(name) for name in self._names]
        widths = [max(map(len, column)) for column in zip(names, *rows)]
        right = [kind in ("integer", "number", "decimal") for kind in self._kinds]
        lines = ["  ".join(name.ljust(width) for name, width in zip(names, widths)).rstrip()]
        lines.append("  ".join("-" * width for width in widths))
        for row in rows:
            cells = [text.rjust(width) if end else text.ljust(width) for text, width, end in zip(row, widths, right)]
            lines.append("  ".join(cells).rstrip())
        if self._total > len(rows):
            lines.append(f"… {self._total:,} rows in all")
        return "\n".join(lines)


def _text(value):
    if value is None:
        return ""
    return str(value)


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= TEXT_WIDTH_MAX else text[: TEXT_WIDTH_MAX - 1] + "…"
