"""Reads what people call rows, and what their values are.

Types of columns: `integer`, `number`, `decimal` (digits in a string), `boolean`, `text`, `date`, `datetime`, `mixed`, and `empty` when there is no value.
"""

import dataclasses
import datetime
import decimal
import math

INTEGER_MAX = 2**53


def read(rows, columns=None):
    """Names of columns, and rows as lists in that order.

    Rows are dictionaries, sequences, named tuples, dataclass instances or single values; or one dictionary of columns.
    """
    if isinstance(rows, dict):
        names = list(rows)
        series = [list(values) for values in rows.values()]
        longest = max(map(len, series), default=0)
        records = [[values[i] if i < len(values) else None for values in series] for i in range(longest)]
        return _chosen(names, records, columns)
    if isinstance(rows, (str, bytes)):
        raise TypeError("rows are a list of dictionaries or of lists, not text")
    rows = list(rows)
    if rows and all(isinstance(row, dict) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return _chosen(names, [[row.get(name) for name in names] for row in rows], columns)
    if rows and all(dataclasses.is_dataclass(row) and not isinstance(row, type) for row in rows):
        names = [field.name for field in dataclasses.fields(rows[0])]
        return _chosen(names, [[getattr(row, name, None) for name in names] for row in rows], columns)
    if rows and all(isinstance(row, (list, tuple)) for row in rows):
        width = max(map(len, rows))
        names = list(getattr(rows[0], "_fields", ())) or _numbered(width, columns)
        return names, [[*row, *[None] * (len(names) - len(row))] for row in rows]
    return _numbered(1, columns), [[row] for row in rows]


def _numbered(width, columns):
    given = [str(name) for name in columns or ()]
    if len(given) > width:
        raise ValueError(f"{len(given)} columns were named, the rows have {width}")
    return given + [f"column {i + 1}" for i in range(len(given), width)]


def _chosen(names, records, columns):
    if columns is None:
        return [str(name) for name in names], records
    places = [place(names, name) for name in columns]
    return [str(name) for name in columns], [[record[i] for i in places] for record in records]


def place(names, name):
    """Where the column is."""
    if name not in names:
        raise ValueError(f"there is no column {name!r}; there are {', '.join(map(repr, names)) or 'none'}")
    return names.index(name)


def kind(values):
    """The type of a column."""
    kinds = {_kind(value) for value in values if value is not None}
    if not kinds:
        return "empty"
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _kind(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, decimal.Decimal):
        return "decimal"
    if isinstance(value, datetime.datetime):
        return "datetime"
    if isinstance(value, datetime.date):
        return "date"
    return "text"


def plain(value):
    """As JSON carries it without loss: numbers that it cannot hold become text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if -INTEGER_MAX <= value <= INTEGER_MAX else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value)
