# Generators: send, throw, close, yield from
def inner():
    try:
        got = yield 1
        yield got * 2
    finally:
        log.append("closed")
def outer():
    yield from inner()
log = []
g = outer()
assert next(g) == 1 and g.send(21) == 42
g.close()
assert log == ["closed"]
