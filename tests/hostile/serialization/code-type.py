# tries: a code object made of impossible parts
# attack: 85
# ends: succeeded or exception or Crash
import types
def f():
    return 1
try:
    code = types.CodeType(2**31 - 1, 0, 0, 2**31 - 1, 2**31 - 1, 0xFFFF, b'\x64\x00\x53\x00', (), (), (), 'f', 'n', 'q', -1, b'', b'', (), ())
    types.FunctionType(code, {})()
except (TypeError, ValueError, OverflowError):
    code = f.__code__.replace(co_stacksize=2**31 - 1, co_nlocals=2**31 - 1)
    types.FunctionType(code, {})()
