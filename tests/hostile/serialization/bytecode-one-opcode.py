# tries: popping from an empty stack
# attack: 85
# ends: exception or Crash or succeeded
def f():
    return 1
code = f.__code__.co_code
f.__code__ = f.__code__.replace(co_code=code[:2] + b'\x1f\x00' * 20 + code[2:], co_stacksize=1)
f()
