# Coroutines, async generators and comprehensions with asyncio
import asyncio
async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
async def main():
    total = sum([i async for i in numbers(5)])
    results = await asyncio.gather(asyncio.sleep(0, "a"), asyncio.sleep(0, "b"))
    return total, results
assert asyncio.run(main()) == (10, ["a", "b"])
