# `await` at the top level of a cell
import asyncio
value = await asyncio.sleep(0, "awaited")
assert value == "awaited"
