"""The standard streams of cells: output goes straight to the host, input comes with the run."""

import io
import sys

from _selvedge import write_bytes, write_err, write_out

STDOUT = 1
STDERR = 2


class _Bytes(io.RawIOBase):
    """What `sys.stdout.buffer` is."""

    def __init__(self, kind, name):
        self._kind = kind
        self.name = name
        self.mode = "wb"

    def writable(self):
        return True

    def write(self, data):
        return write_bytes(self._kind, data)

    def close(self):
        pass


class _Text(io.TextIOBase):
    encoding = "utf-8"
    errors = "replace"
    newlines = None
    mode = "w"
    line_buffering = True
    write_through = True

    def __init__(self, kind, name):
        self.buffer = _Bytes(kind, name)
        self.name = name

    def writable(self):
        return True

    def flush(self):
        pass

    def close(self):
        pass

    def reconfigure(self, **settings):
        pass

    def __repr__(self):
        return f"<{self.name} of the cell>"


class _Stdout(_Text):
    # Not a method: one call from `print` to the host.
    write = staticmethod(write_out)


class _Stderr(_Text):
    write = staticmethod(write_err)


class _Stdin(io.TextIOWrapper):
    def __init__(self, text):
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", errors="replace")
        self.mode = "r"


_empty = _Stdin("")


_stdout = _Stdout(STDOUT, "<stdout>")
_stderr = _Stderr(STDERR, "<stderr>")


def install():
    sys.__stdout__ = _stdout
    sys.__stderr__ = _stderr
    sys.stdout = sys.stderr = None
    begin("")


def begin(text):
    """Gives the cell that starts now its streams. What an earlier one put in place of output stays, unless nothing can be written to it."""
    if getattr(sys, "stdout", None) is None:
        sys.stdout = _stdout
    if getattr(sys, "stderr", None) is None:
        sys.stderr = _stderr
    if text or _empty.closed:
        sys.stdin = sys.__stdin__ = _Stdin(text)
    elif sys.stdin is not _empty:
        sys.stdin = sys.__stdin__ = _empty
