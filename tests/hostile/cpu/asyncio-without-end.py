# tries: a thousand tasks that wait for each other
# attack: native-loops
# limits: wall_ms 500
# ends: WallLimit
import asyncio
async def spin():
    while True:
        await asyncio.sleep(0)
await asyncio.gather(*[spin() for _ in range(1000)])
