"""What cells can show beside text: tables, charts, and anything that says how it looks.

    from selvedge import table, chart
    table([{"city": "Oslo", "people": 717_710}, {"city": "Bergen", "people": 291_940}])
    chart.bar(rows, x="city", y="people")

The last expression of a cell is shown; `display(...)` shows more than one thing.
"""

from . import chart
from ._display import clear_output, display, html, markdown, svg, update_display
from ._table import Table, table

__all__ = ["chart", "clear_output", "display", "html", "markdown", "svg", "table", "update_display"]


def install():
    """Makes the builtins that cells have beside Python's."""
    import builtins

    from _sitebuiltins import _Helper

    def leave(code=None):
        """Ends the cell."""
        raise SystemExit(code)

    builtins.display = display
    builtins.help = _Helper()
    builtins.exit = builtins.quit = leave
