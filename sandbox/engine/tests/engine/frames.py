# What is called inside the bytecode loop is seen as if it were called outside of it. Each thing is done often enough to be specialized.
import gc
import sys


def lines(error):
    found, at = [], error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        found.append((code.co_name, at.tb_lineno - code.co_firstlineno))
        at = at.tb_next
    return found[1:]


# Recursion through a function, `__init__`, a method, a generator and all of them is an error, and the next one is again.
def function(n):
    return function(n + 1)


class Class:
    def __init__(self, n):
        Class(n + 1)


class Method:
    def method(self):
        return self.method()


def generator(n):
    for x in generator(n + 1):
        yield x


def first(n):
    return [second(n + 1)]


def second(n):
    for _ in through(n):
        pass


def through(n):
    yield first(n)


bound = Method().method
for deep in (lambda: function(0), lambda: Class(0), bound, lambda: list(generator(0)), lambda: first(0)):
    for _ in range(3):
        try:
            deep()
        except RecursionError as error:
            assert len(lines(error)) > 100 and error.__context__ is None
        else:
            raise AssertionError("no RecursionError")


# Each frame's line is in the traceback.
def outer():
    x = 1
    return handler(
        x,
        2,
    )


def handler(x, y):
    try:
        return looping(x)
    finally:
        y = 3


def looping(x):
    for _ in raising(x):
        pass


def raising(x):
    yield x
    raise ValueError("late")


for _ in range(5):
    try:
        outer()
    except ValueError as error:
        seen = lines(error)
assert seen == [("outer", 2), ("handler", 2), ("looping", 1), ("raising", 2)], seen


# The chain of frames goes through generators and `__init__`.
def chain():
    frame, names = sys._getframe(), []
    while frame.f_code.co_name != "<module>":
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


class Made:
    def __init__(self):
        self.names = chain()


def within():
    for names in yielding():
        pass
    return names


def yielding():
    yield chain()


for _ in range(5):
    assert Made().names == ["chain", "__init__"]
    assert within() == ["chain", "yielding", "within"]


# A frame that somebody keeps has its locals.
def kept():
    z = 42
    return sys._getframe()


for _ in range(4):
    frame = kept()
assert frame.f_locals == {"z": 42} and frame.f_lineno == kept.__code__.co_firstlineno + 2


# `__init__` returns None; a generator's StopIteration is an error.
class Returning:
    bad = False

    def __init__(self):
        return 3 if self.bad else None


for turn in range(10):
    Returning.bad = turn == 9
    try:
        Returning()
    except TypeError as error:
        assert turn == 9 and str(error) == "__init__() should return None, not 'int'"


def stopping():
    yield 1
    raise StopIteration


for _ in range(5):
    try:
        for _ in stopping():
            pass
    except RuntimeError as error:
        assert isinstance(error.__cause__, StopIteration)
    else:
        raise AssertionError("no RuntimeError")


# The handled exception is the caller's in a function, and a generator's own.
def handling():
    try:
        1 / 0
    except ZeroDivisionError:
        return nested()


def nested():
    assert isinstance(sys.exc_info()[1], ZeroDivisionError)
    try:
        raise KeyError("k")
    except KeyError as error:
        return type(error.__context__)


def own():
    try:
        raise OSError
    except OSError:
        yield type(sys.exc_info()[1])
        yield type(sys.exc_info()[1])


def both():
    pairs = []
    try:
        raise KeyError
    except KeyError:
        for inner in own():
            pairs.append((inner, type(sys.exc_info()[1])))
    return pairs


for _ in range(5):
    assert handling() is ZeroDivisionError
    assert both() == [(OSError, KeyError)] * 2
assert sys.exc_info() == (None, None, None)


# Finalizers run where the last reference goes, and see that line.
class Finalized:
    def __init__(self, number):
        self.number = number

    def __del__(self):
        frame = sys._getframe(1)
        ended.append((self.number, frame.f_code.co_name, frame.f_lineno - letting.__code__.co_firstlineno))


def letting():
    x = Finalized(1)
    x = Finalized(2)
    y = [Finalized(3)]
    y[0] = Finalized(4)
    return x is y


for _ in range(4):
    ended = []
    letting()
assert ended[:2] == [(1, "letting", 2), (3, "letting", 4)] and sorted(ended[2:])[0][0] == 2, ended


# Tracing that begins in the middle sees calls, lines, values and returns.
def summed(n):
    total = 0
    for i in counted(n):
        total += i
    return total


def counted(n):
    for i in range(n):
        yield i


def tracer(frame, event, arg):
    if frame.f_code in (summed.__code__, counted.__code__) and event != "exception":
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


def traced():
    sys.settrace(tracer)
    value = summed(1)
    sys.settrace(None)
    return value


for _ in range(4):
    summed(3)
events = []
assert traced() == 0
assert events == [
    ("summed", "call", 0),
    ("summed", "line", 1),
    ("summed", "line", 2),
    ("counted", "call", 0),
    ("counted", "line", 1),
    ("counted", "line", 2),
    ("counted", "return", 2),
    ("summed", "line", 3),
    ("summed", "line", 2),
    ("counted", "call", 2),
    ("counted", "line", 1),
    ("counted", "return", 1),
    ("summed", "line", 4),
    ("summed", "return", 4),
], events


# Collections look at running generators without taking anything from them.
def collecting(n):
    mine = [object() for _ in range(n)]
    for item in mine:
        gc.collect()
        yield item


for _ in range(3):
    assert len(list(collecting(3))) == 3 and sum(1 for _ in collecting(3)) == 3
