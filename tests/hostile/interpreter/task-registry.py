# tries: the tables of asyncio, replaced
# attack: interpreter-crashes
# ends: succeeded or exception
# spoils: its variables
import _asyncio
_asyncio._current_tasks = 42
_asyncio.current_task(loop=object())
