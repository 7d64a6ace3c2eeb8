"""What may have been meant by source that Python cannot read."""

import re

from _selvedge import tokens

_PAIRS = {"Lpar": ("(", "Rpar"), "Lsqb": ("[", "Rsqb"), "Lbrace": ("{", "Rbrace")}
_CLOSING = {"Rpar": "Lpar", "Rsqb": "Lsqb", "Rbrace": "Lbrace"}
_BLOCKS = ("if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "match", "case", "async")
_FORMAT = "Inside the braces of an f-string stands one expression; braces that are meant as text are doubled: `{{`."
_QUOTES = "“”„‘’‚´`«»"


def hint(error):
    """A sentence or None."""
    text = str(error.msg or "")
    line = (error.text or "").rstrip("\n")
    words = line.split()
    first = words[0] if words else ""
    if isinstance(error, TabError) or "inconsistent use of tabs" in text or "\t" in line[: len(line) - len(line.lstrip())]:
        return "Tabs and spaces are mixed at the beginnings of lines. Use four spaces for each step."
    if found := _quote(line):
        return f"`{found}` is not a quote that Python knows: use ' or \"."
    if isinstance(error, IndentationError):
        if "expected an indented block" in text:
            return "What belongs to the line before has to be indented, by four spaces; `pass` stands for nothing."
        return "This line begins further right or left than the lines that it belongs to."
    if "await" in text and "outside" in text:
        return "`await` in a function needs `async def`; in a cell it stands alone."
    if "'return' outside" in text or "'yield' outside" in text:
        return "A cell gives its last expression by itself; `return` belongs in a function."
    if re.match(r"\s*print\s+[^(=\s]", line):
        return "`print` is a function: put what it prints into parentheses."
    if re.match(r"\s*else\s+if\b", line):
        return "Python writes `elif`."
    if "++" in line or "--" in line:
        if re.search(r"\w(\+\+|--)\s*($|[;)])", line):
            return "Python has no `++` and no `--`: write `x += 1`."
    if re.search(r"&&|\|\|", line):
        return "Python writes `and` and `or`."
    if re.match(r"\s*[!%][a-z]", line):
        return "Commands of IPython (`!`, `%`) do not work here."
    if re.match(r"\s*(if|while|elif)\b[^=!<>:]*[^=!<>:]=[^=]", line) and ":=" not in line:
        return "`=` assigns; to compare write `==`."
    if "f-string" in text:
        return _FORMAT
    if unclosed := _unclosed(error):
        return unclosed
    if "unterminated" in text or "missing closing quote" in text or "unclosed string" in text.lower():
        return "The text has no closing quote on this line; text over several lines is put in three quotes."
    if first.rstrip(":") in _BLOCKS and ("':'" in text or not line.split("#")[0].rstrip().endswith(":")) and "invalid" not in text:
        return f"A line that begins with `{first.rstrip(':')}` ends with a colon."
    if "cannot assign" in text or "assign to" in text.lower() or "assignment target" in text.lower():
        return "What stands on the left of `=` has to be a name. To compare write `==`."
    if "keyword" in text.lower() and "argument" in text.lower():
        return "Arguments without a name come before those with one."
    if re.search(r"\b0\d+", line):
        return "Numbers do not begin with 0; `0o17` is octal."
    if re.search(r"['\"\w\])]\s+['\"\w]", line) and ("expected" in text.lower() or "invalid syntax" in text):
        return "Is there a comma or an operator missing between two things?"
    return None


def _quote(line):
    return next((quote for quote in _QUOTES if quote in line), None)


def _unclosed(error):
    """Which bracket is open, by the tokens of the whole source."""
    source = _source(error)
    if source is None:
        return None
    opened, before = [], ""
    for kind, begin, end in tokens(source):
        if kind == "Lbrace" and before.startswith("FString"):
            opened.append(("FString", begin))
        elif kind == "Rbrace" and opened and opened[-1][0] == "FString":
            opened.pop()
        elif kind in _PAIRS:
            opened.append((kind, begin))
        elif kind in _CLOSING:
            if not opened:
                return f"`{source[begin]}` has no opening bracket before it (line {_line(source, begin)})."
            if opened[-1][0] == "FString":
                return _FORMAT
            if opened[-1][0] != _CLOSING[kind]:
                bracket, at = opened[-1]
                return f"`{_PAIRS[bracket][0]}` in line {_line(source, at)} is closed by `{source[begin]}`."
            opened.pop()
        before = kind
    if not opened:
        return None
    kind, at = opened[-1]
    if kind == "FString":
        return _FORMAT
    return f"`{_PAIRS[kind][0]}` in line {_line(source, at)} is never closed."


def _source(error):
    from . import errors

    return errors.source(error.filename)


def _line(source, at):
    return source.count("\n", 0, at) + 1
