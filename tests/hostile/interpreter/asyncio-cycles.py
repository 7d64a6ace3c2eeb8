# tries: tasks that await themselves and loops in loops
# attack: interpreter-crashes
# limits: wall_ms 2_000
# ends: succeeded or exception or WallLimit
import asyncio
async def me():
    await task
task = asyncio.ensure_future(me())
try:
    await task
except RuntimeError:
    pass
try:
    asyncio.run(me())
except RuntimeError:
    pass
loop = asyncio.get_running_loop()
for use in (loop.run_forever, loop.close, loop.stop, lambda: loop.run_until_complete(me()), lambda: loop.call_soon(None), lambda: loop.call_later(-1e308, print)):
    try:
        use()
    except BaseException:
        pass
