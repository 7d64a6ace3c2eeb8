# tries: the text of thirty thousand ParamSpecArgs in each other
# attack: interpreter-crashes
# ends: truncated or exception
import typing
x = object()
for _ in range(30_000):
    x = typing.ParamSpecArgs(x)
repr(x)
