# tries: a waiter whose hash adds itself
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
import _asyncio
class Waiter:
    def __hash__(self):
        _asyncio.future_add_to_awaited_by(future, waiter)
        return 1
future, waiter = _asyncio.Future(loop=object()), Waiter()
_asyncio.future_add_to_awaited_by(future, waiter)
