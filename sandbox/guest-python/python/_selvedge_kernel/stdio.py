"""The standard streams of cells: output goes straight to the host; input comes with the run, or from whoever watches it."""

import builtins
import getpass
import io
import sys

from _selvedge import read_input, write_bytes, write_err, write_out

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


class _Lines(io.RawIOBase):
    """The text that came with the run, and then, when somebody is there, one line after another."""

    def __init__(self, text, interactive):
        self.given = text.encode()
        self.interactive = interactive

    def readable(self):
        return True

    def readinto(self, place):
        if not self.given and self.interactive:
            line = read_input("", False)
            self.given = _END if line is None or line == _CONTROL_D else (line + "\n").encode()
            sys.stdout.write(self.given.decode())
        taken = self.given[: len(place)]
        place[: len(taken)] = taken
        self.given = self.given[len(taken) :]
        return len(taken)


class _Stdin(io.TextIOWrapper):
    def __init__(self, text, interactive=False):
        self._lines = _Lines(text, interactive)
        # Read by the line, so that nothing is asked for that nobody wants yet.
        super().__init__(io.BufferedReader(self._lines), encoding="utf-8", errors="replace", line_buffering=True)
        self.mode = "r"


_END = b""
# What stands for the end of the input.
_CONTROL_D = "\x04"

_empty = _Stdin("")
_stdout = _Stdout(STDOUT, "<stdout>")
_stderr = _Stderr(STDERR, "<stderr>")
_native_input = builtins.input
# Whether somebody can be asked, and whether the text that came with the run has not been read to its end.
_interactive = False
_given = False


def install():
    sys.__stdout__ = _stdout
    sys.__stderr__ = _stderr
    sys.stdout = sys.stderr = None
    builtins.input = _input
    getpass.getpass = getpass.unix_getpass = getpass.fallback_getpass = _getpass
    begin("")


def begin(text, interactive=False):
    """Gives the cell that starts now its streams. What an earlier one put in place of output stays, unless nothing can be written to it."""
    global _interactive, _given
    if getattr(sys, "stdout", None) is None:
        sys.stdout = _stdout
    if getattr(sys, "stderr", None) is None:
        sys.stderr = _stderr
    _interactive, _given = interactive, bool(text)
    if text or interactive or _empty.closed:
        sys.stdin = sys.__stdin__ = _Stdin(text, interactive)
    elif sys.stdin is not _empty:
        sys.stdin = sys.__stdin__ = _empty


def _input(prompt="", /):
    """Read a line from standard input, or ask whoever watches the cell."""
    global _given
    if not _interactive or type(sys.stdin) is not _Stdin:
        return _native_input(prompt)
    if _given:
        lines = sys.stdin._lines
        lines.interactive = False
        line = sys.stdin.readline()
        lines.interactive = True
        if line:
            sys.stdout.write(str(prompt))
            return line.removesuffix("\n")
        _given = False
    return _ask(str(prompt), False)


def _getpass(prompt="Password: ", stream=None, *, echo_char=None):
    """Ask for a password. It is not shown and not kept in the run's output."""
    if not _interactive:
        return _native_input(prompt)
    return _ask(prompt, True)


def _ask(prompt, secret):
    line = read_input(prompt, secret)
    if line is None or line == _CONTROL_D:
        raise EOFError("nobody answered")
    # The record of the run reads as a terminal would.
    sys.stdout.write(prompt + ("" if secret else line) + "\n")
    return line
