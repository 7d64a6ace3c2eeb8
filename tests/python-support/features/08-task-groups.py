# asyncio task groups, timeouts and queues
import asyncio
async def main():
    queue = asyncio.Queue()
    async def put(n):
        await queue.put(n)
    async with asyncio.TaskGroup() as group:
        for n in range(3): group.create_task(put(n))
    try:
        async with asyncio.timeout(0.01): await asyncio.sleep(10)
    except TimeoutError:
        return queue.qsize()
assert asyncio.run(main()) == 3
