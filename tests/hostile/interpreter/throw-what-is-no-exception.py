# tries: throwing an exception whose class makes a number
# attack: interpreter-crashes
# ends: TypeError or exception
import _asyncio
class Bad(Exception):
    def __new__(cls, *a):
        return 42
future = _asyncio.Future(loop=object())
future.__await__().throw(Bad)
