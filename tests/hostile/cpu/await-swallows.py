# tries: tasks that swallow being cancelled, and make others
# attack: 1, 19
# limits: wall_ms 1_000
# ends: WallLimit
import asyncio
async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.01)
        except BaseException:
            asyncio.ensure_future(stubborn())
asyncio.ensure_future(stubborn())
while True:
    try:
        await asyncio.sleep(10)
    except BaseException:
        pass
