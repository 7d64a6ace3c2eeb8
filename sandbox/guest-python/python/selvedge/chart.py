"""Charts: `chart.line(rows, x="day", y="visitors", color="page", title="Visitors")`, and `bar`, `point`, `area` alike.

Rows are what `selvedge.table` takes; plain numbers are drawn over their position. A chart is a Vega-Lite specification.
"""

import math

from . import _rows, _svg

ROWS_MAX = 5_000

MIME = "application/vnd.vegalite.v6+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

_TYPES = {"integer": "quantitative", "number": "quantitative", "decimal": "quantitative", "date": "temporal", "datetime": "temporal"}


def line(rows, x=None, y=None, color=None, title=None):
    """Points joined by a line, one for each value of `color`."""
    return Chart("line", rows, x, y, color, title)


def bar(rows, x=None, y=None, color=None, title=None):
    """One bar for each row, stacked by `color`."""
    return Chart("bar", rows, x, y, color, title)


def point(rows, x=None, y=None, color=None, title=None):
    """One point for each row."""
    return Chart("point", rows, x, y, color, title)


def area(rows, x=None, y=None, color=None, title=None):
    """The area under a line, stacked by `color`."""
    return Chart("area", rows, x, y, color, title)


class Chart:
    """What the functions here make."""

    def __init__(self, mark, rows, x, y, color, title):
        names, records = _rows.read(rows)
        if len(records) > ROWS_MAX:
            raise ValueError(f"a chart draws at most {ROWS_MAX:,} rows, these are {len(records):,}: group them or draw a sample")
        if len(names) == 1 and x is None:
            names, records = ["position", names[0]], [[i, *record] for i, record in enumerate(records)]
        x = names[0] if x is None else x
        y = next((name for name in names if name != x), x) if y is None else y
        self._mark, self._title, self._count = mark, title, len(records)
        self._channels = {"x": x, "y": y} | ({"color": color} if color is not None else {})
        places = {name: _rows.place(names, name) for name in dict.fromkeys(self._channels.values())}
        self._columns = {name: [record[i] for record in records] for name, i in places.items()}
        self._kinds = {name: _rows.kind(values) for name, values in self._columns.items()}

    def spec(self):
        """The Vega-Lite specification."""
        numeric = {name for name, kind in self._kinds.items() if _TYPES.get(kind) == "quantitative"}
        columns = [[_value(value, name in numeric) for value in values] for name, values in self._columns.items()]
        names = [str(name) for name in self._columns]
        mark = {"type": self._mark, "tooltip": True}
        if self._mark == "line" and self._count <= 100:
            mark["point"] = True
        spec = {
            "$schema": SCHEMA,
            "data": {"values": [dict(zip(names, record)) for record in zip(*columns)]},
            "mark": mark,
            "encoding": {channel: self._encoding(channel, name) for channel, name in self._channels.items()},
            "width": "container",
        }
        if self._title is not None:
            spec["title"] = str(self._title)
        return spec

    def _encoding(self, channel, name):
        kind = _TYPES.get(self._kinds[name], "nominal")
        if channel == "x" and self._mark == "bar" and self._kinds[name] == "integer":
            kind = "ordinal"
        encoding = {"field": _escaped(str(name)), "type": kind, "title": str(name)}
        if kind == "nominal" and channel != "color":
            # In the order of the rows, not of the alphabet.
            encoding["sort"] = None
        return encoding

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {MIME: self.spec(), "image/svg+xml": self.svg(), "text/plain": repr(self)}

    def svg(self):
        """A picture of it, as SVG."""
        return _svg.draw(self._mark, self._title, repr(self), self._columns, self._channels, self._kinds)

    def __repr__(self):
        x, y = self._channels["x"], self._channels["y"]
        text = f"{self._mark.capitalize()} chart" + (f" “{self._title}”" if self._title is not None else "")
        text += f": {y}{self._range(y)} over {x}{self._range(x)}, {self._count:,} rows"
        if "color" in self._channels:
            name = self._channels["color"]
            text += f", {len(set(map(str, self._columns[name]))):,} values of {name}"
        return text

    def _range(self, name):
        if self._kinds[name] not in _TYPES:
            return ""
        values = [value for value in self._columns[name] if value is not None]
        return f" ({min(values)} to {max(values)})"


def _value(value, numeric):
    if not numeric or value is None or isinstance(value, bool):
        return _rows.plain(value)
    value = float(value) if not isinstance(value, int) else value
    # Missing, as far as a picture goes.
    return value if math.isfinite(value) else None


def _escaped(field):
    """Vega-Lite reads dots and brackets as paths."""
    return field.replace("\\", "\\\\").replace(".", "\\.").replace("[", "\\[").replace("]", "\\]")
