# tries: a function that calls itself
# attack: 57
# ends: RecursionError
def f():
    f()
f()
