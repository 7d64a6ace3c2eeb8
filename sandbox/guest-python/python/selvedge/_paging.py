"""`page`: rows of a table beyond those that were shown with it, sorted and filtered here because only here are all of them."""

from _selvedge_kernel.asks import kind

from . import _rows
from ._table import kept

COUNT_MAX = 1_000


@kind
def page(table, count=100, sort=None, descending=False, filter="", **rest):
    """`from`: the first row wanted, counted from 0 after sorting and filtering. `sort`: the name of a column. `filter`: text that some cell of a row holds."""
    begin = rest.pop("from", 0)
    if rest:
        raise TypeError(f"a page has no {', '.join(rest)}")
    found = kept(table)
    if found is None:
        yield {"status": "gone", "rows": [], "total": 0}
        return
    records = found.records
    if filter:
        wanted = filter.casefold()
        records = [record for record in records if any(wanted in str(value).casefold() for value in record if value is not None)]
    if sort is not None:
        place = found.names.index(sort)
        records = sorted(records, key=lambda record: _order(record[place]), reverse=descending)
    count = max(0, min(count, COUNT_MAX))
    begin = max(0, begin)
    rows = [[_rows.plain(value) for value in record] for record in records[begin : begin + count]]
    yield {"status": "ok", "from": begin, "rows": rows, "total": len(records), "of": len(found.records)}


def _order(value):
    """Numbers before text, nothing last."""
    if value is None:
        return (2, 0, "")
    if isinstance(value, (int, float)) and value == value:
        return (0, value, "")
    return (1, 0, str(_rows.plain(value)))
