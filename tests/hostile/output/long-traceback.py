# tries: a traceback of as many frames as there can be, and a message for each
# attack: 66, huge-traceback
# limits: wall_ms 10_000
# ends: exception
def f(n):
    try:
        f(n + 1)
    except RecursionError as error:
        raise ValueError('x' * 10_000) from error
f(0)
