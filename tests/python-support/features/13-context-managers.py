# Context managers, ExitStack, parenthesised with
from contextlib import contextmanager, ExitStack, suppress
log = []
@contextmanager
def step(name):
    log.append("+" + name)
    try: yield name
    finally: log.append("-" + name)
with (step("a") as a, step("b") as b):
    log.append(a + b)
with ExitStack() as stack:
    [stack.enter_context(step(n)) for n in "cd"]
with suppress(KeyError): {}["x"]
assert log == ["+a", "+b", "ab", "-b", "-a", "+c", "+d", "-d", "-c"]
