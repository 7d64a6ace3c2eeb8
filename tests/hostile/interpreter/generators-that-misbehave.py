# tries: generators that run themselves, close in the middle and throw what is none
# attack: interpreter-crashes
# ends: succeeded
# shows: held
def selfish():
    try:
        next(g)
    except ValueError:
        yield 1
    try:
        yield 2
    finally:
        yield 3
g = selfish()
for use in (lambda: next(g), lambda: next(g), lambda: g.throw(1), lambda: g.throw(ValueError, 1, 2), lambda: g.close(), lambda: g.send(1), lambda: g.throw(GeneratorExit)):
    try:
        use()
    except BaseException:
        pass
async def waits():
    await waits()
c = waits()
for use in (lambda: c.send(1), lambda: c.send(None), lambda: c.throw(ValueError), lambda: c.close(), lambda: c.__await__().__next__()):
    try:
        use()
    except BaseException:
        pass
def delegates():
    yield from g2
g2 = delegates()
try:
    next(g2)
except BaseException:
    pass
print('held')
