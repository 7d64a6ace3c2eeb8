# tries: entering a task that is none, twice
# attack: interpreter-crashes
# ends: exception
# spoils: its variables
import _asyncio
def f():
    pass
_asyncio._enter_task(0, f)
_asyncio._enter_task(0, f)
