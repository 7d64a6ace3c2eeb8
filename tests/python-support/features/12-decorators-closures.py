# Decorators, closures, nonlocal, functools
import functools
def counted(function):
    count = 0
    @functools.wraps(function)
    def wrapper(*args, **kw):
        nonlocal count
        count += 1
        wrapper.count = count
        return function(*args, **kw)
    return wrapper
@counted
@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
assert fib(50) == 12586269025 and fib.count == 97 or fib.count > 0
