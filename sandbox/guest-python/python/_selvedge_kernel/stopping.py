"""Ending a cell early without that being an error."""


class CellStop(BaseException):
    """The cell ends here; `output` is what it shows."""

    def __init__(self, output=None):
        super().__init__("the cell was stopped")
        self.output = output
