"""What stands where the cursor is: the expression, and the call around it."""

import __main__
import builtins

from _selvedge import tokens

_OPENING = {"Lpar": "Rpar", "Lsqb": "Rsqb", "Lbrace": "Rbrace"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
# Words that look like names but are none.
_VALUES = ("String", "Name", "Int", "Float", "True", "False", "None")


class Code:
    """Source up to the cursor, in tokens."""

    def __init__(self, source):
        self.source = source
        found = [token for token in tokens(source) if token[1] < token[2] and token[0] != "NonLogicalNewline"]
        self.last = found[-1] if found else None
        self.tokens = [token for token in found if token[0] != "Comment"]

    def text(self, token):
        return self.source[token[1] : token[2]]

    def expression(self, end):
        """Where the expression begins whose last token is before index `end`: names, attributes, subscripts, calls. None when there is none."""
        at = end - 1
        while at >= 0:
            kind = self.tokens[at][0]
            if kind in _CLOSING:
                at = self._opening(at)
                if at is None:
                    return None
                # What is called or subscripted belongs to it; a bracket of its own ends it.
                if at > 0 and self.tokens[at][0] != "Lbrace" and self._is_value(at - 1):
                    at -= 1
                    continue
            elif kind not in _VALUES and not self._is_soft(at):
                return None
            if at >= 2 and self.tokens[at - 1][0] == "Dot" and self._is_value(at - 2):
                at -= 2
                continue
            return at
        return None

    def _is_value(self, at):
        return self.tokens[at][0] in _VALUES or self.tokens[at][0] in _CLOSING or self._is_soft(at)

    def _is_soft(self, at):
        # `match`, `type` and `case` are names almost everywhere.
        return self.tokens[at][0] in ("Match", "Type", "Case")

    def _opening(self, at):
        depth = 0
        while at >= 0:
            kind = self.tokens[at][0]
            if kind in _CLOSING:
                depth += 1
            elif kind in _OPENING:
                depth -= 1
                if depth == 0:
                    return at
            at -= 1
        return None

    def enclosing(self, end):
        """Index of the innermost bracket that is open before index `end`; None when there is none."""
        depth = 0
        for at in range(end - 1, -1, -1):
            kind = self.tokens[at][0]
            if kind in _CLOSING:
                depth += 1
            elif kind in _OPENING:
                if depth == 0:
                    return at
                depth -= 1
        return None

    def callee(self, end):
        """The source of what is called around index `end`, or None."""
        at = self.enclosing(end)
        if at is None or self.tokens[at][0] != "Lpar" or at == 0:
            return None
        begin = self.expression(at)
        if begin is None or begin > 0 and self.tokens[begin - 1][0] in ("Def", "Class"):
            return None
        return self.source[self.tokens[begin][1] : self.tokens[at][1]]


def evaluate(source):
    """The value of an expression; raises whatever it raises. Calls are made: this is a copy of the kernel."""
    return eval(source.strip(), __main__.__dict__)


def lookup(source):
    """`(True, value)`, or `(False, None)` when it cannot be had."""
    try:
        return True, evaluate(source)
    except BaseException:
        return False, None


def is_plain(source):
    """Whether it is a name, so that finding it runs nobody's code."""
    return source.strip().isidentifier()


def names():
    """Everything that a cell can name, the user's own first."""
    return {**{name: value for name, value in builtins.__dict__.items()}, **__main__.__dict__}
