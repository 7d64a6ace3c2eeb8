"""Draws a chart as SVG, for readers without a program that draws Vega-Lite: mail, PDF, pages without scripts."""

import datetime
import html
import math

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 56
# Told apart by people who see colours differently (Okabe and Ito).
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#000000")
TICKS = 5
LABELS_MAX = 24
MARKS_MAX = 5_000


def draw(mark, title, sentence, columns, channels, kinds):
    """`columns`: values by name; `channels`: names by `x`, `y`, `color`; `kinds`: the columns' types."""
    xs, ys = columns[channels["x"]], columns[channels["y"]]
    groups = [str(value) for value in columns[channels["color"]]] if "color" in channels else [""] * len(xs)
    names = list(dict.fromkeys(groups))
    x_axis = _Axis(xs, kinds[channels["x"]], LEFT, WIDTH - RIGHT, banded=mark == "bar")
    y_axis = _Axis(ys, kinds[channels["y"]], HEIGHT - BOTTOM, TOP, zero=mark in ("bar", "area"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{_text(title or sentence)}</title><desc>{_text(sentence)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    if title is not None:
        parts.append(f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{_text(title)}</text>')
    parts += _axes(x_axis, y_axis, channels)
    for number, name in enumerate(names):
        color = COLORS[number % len(COLORS)]
        # What cannot be placed is not drawn.
        points = [(x_axis.place(x), y_axis.place(y)) for x, y, group in zip(xs, ys, groups) if group == name]
        points = [(x, y) for x, y in points if x is not None and y is not None][:MARKS_MAX]
        parts += _MARKS[mark](points, color, x_axis, y_axis, number, len(names))
        if name and number < LABELS_MAX // 2:
            at = LEFT + 8 + number % 6 * 92
            parts.append(f'<rect x="{at}" y="{27 + number // 6 * 12}" width="9" height="9" fill="{color}"/><text x="{at + 13}" y="{36 + number // 6 * 12}" font-size="11">{_text(name[:12])}</text>')
    return "".join([*parts, "</svg>"])


class _Axis:
    """From values to places."""

    def __init__(self, values, kind, begin, end, zero=False, banded=False):
        self.begin, self.end = begin, end
        self.numbers = kind in ("integer", "number", "decimal", "date", "datetime") and not banded
        self.times = kind in ("date", "datetime")
        self.step = 0
        if self.numbers:
            known = [number for number in map(_number, values) if number is not None]
            self.low, self.high = (min(known), max(known)) if known else (0, 1)
            if zero:
                self.low, self.high = min(self.low, 0), max(self.high, 0)
            if self.low == self.high:
                self.low, self.high = self.low - 0.5, self.high + 0.5
        else:
            self.bands = {value: place for place, value in enumerate(dict.fromkeys(map(_word, values)))}
            self.step = (end - begin) / max(1, len(self.bands))

    def place(self, value):
        if not self.numbers:
            band = self.bands.get(_word(value))
            return None if band is None else self.begin + self.step * (band + 0.5)
        number = _number(value)
        return None if number is None else self.begin + (number - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self):
        """Places and what stands there."""
        if not self.numbers:
            every = max(1, math.ceil(len(self.bands) / LABELS_MAX))
            return [(self.begin + self.step * (place + 0.5), word) for word, place in self.bands.items() if place % every == 0]
        if self.times:
            return [(self.place_of(at), _day(at)) for at in (self.low + (self.high - self.low) * i / TICKS for i in range(TICKS + 1))]
        step = _round_step((self.high - self.low) / TICKS)
        first = math.ceil(self.low / step)
        return [(self.place_of(i * step), _short(i * step)) for i in range(first, math.floor(self.high / step) + 1)]

    def place_of(self, number):
        return self.begin + (number - self.low) / (self.high - self.low) * (self.end - self.begin)

    def zero(self):
        """Where 0 is, or the end that is nearest."""
        return self.place_of(min(max(0, self.low), self.high)) if self.numbers else self.begin


def _number(value):
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, datetime.datetime):
        return (value.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds() / 86_400
    if isinstance(value, datetime.date):
        return value.toordinal() - 719_163
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _word(value):
    return "" if value is None else str(value)


def _day(number):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(days=number)).strftime("%Y-%m-%d")


def _round_step(step):
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step)


def _short(number):
    return f"{number:,.10g}" if abs(number) < 1e6 else f"{number:.3g}"


def _text(value):
    return html.escape(str(value)[:200], quote=False)


def _axes(x_axis, y_axis, channels):
    foot = HEIGHT - BOTTOM
    for place, label in y_axis.ticks():
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}" stroke="#dddddd"/>'
        yield f'<text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{_text(label[:9])}</text>'
    for place, label in x_axis.ticks():
        yield f'<text x="{place:.1f}" y="{foot + 16}" text-anchor="middle">{_text(label[:12])}</text>'
    yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{foot}" y2="{foot}" stroke="#444444"/>'
    yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{_text(channels["x"])}</text>'
    yield f'<text transform="translate(14 {(TOP + foot) / 2}) rotate(-90)" text-anchor="middle">{_text(channels["y"])}</text>'


def _path(points):
    return " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(points))


def _line(points, color, x_axis, y_axis, number, count):
    points = sorted(points) if x_axis.numbers else points
    yield f'<path d="{_path(points)}" fill="none" stroke="{color}" stroke-width="2"/>' if points else ""
    if len(points) == 1:
        yield from _point(points, color, x_axis, y_axis, number, count)


def _area(points, color, x_axis, y_axis, number, count):
    if points:
        points = sorted(points) if x_axis.numbers else points
        zero = y_axis.zero()
        yield f'<path d="{_path([(points[0][0], zero), *points, (points[-1][0], zero)])} Z" fill="{color}" fill-opacity="0.5" stroke="{color}"/>'


def _bar(points, color, x_axis, y_axis, number, count):
    width = max(1.0, x_axis.step * 0.8 / count)
    zero = y_axis.zero()
    for x, y in points:
        left = x - x_axis.step * 0.4 + width * number
        yield f'<rect x="{left:.1f}" y="{min(y, zero):.1f}" width="{width:.1f}" height="{abs(y - zero):.1f}" fill="{color}"/>'


def _point(points, color, x_axis, y_axis, number, count):
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}" fill-opacity="0.8"/>'


_MARKS = {"line": _line, "area": _area, "bar": _bar, "point": _point}
