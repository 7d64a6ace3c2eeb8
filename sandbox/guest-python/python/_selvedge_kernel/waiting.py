"""asyncio without an operating system: there are no sockets to wait for, only time, and other tasks."""

import asyncio
import signal
import time


class _Timer:
    """What the loop asks for events of files."""

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("the cell waits for something that nothing in it will ever do")
        if timeout > 0:
            time.sleep(timeout)
        return ()


class Loop(asyncio.BaseEventLoop):
    """Runs tasks and waits for their timers."""

    def __init__(self):
        super().__init__()
        self._selector = _Timer()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class _Policy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = Loop


_loop = None


def install():
    asyncio.events._set_event_loop_policy(_Policy())
    # `asyncio.run` asks what an interrupt does. There are none.
    for name, value in (("SIGINT", 2), ("SIGTERM", 15), ("getsignal", _no_handler), ("default_int_handler", _interrupt)):
        if not hasattr(signal, name):
            setattr(signal, name, value)


def _no_handler(number):
    """Return the current action for the given signal."""


def _interrupt(number, frame):
    """The default handler for SIGINT."""
    raise KeyboardInterrupt


def finish(coroutine):
    """The result of a cell that awaits. Its tasks that are not done go on in the next cell that does."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = Loop()
    asyncio.set_event_loop(_loop)
    task = _loop.create_task(coroutine)
    try:
        return _loop.run_until_complete(task)
    except KeyboardInterrupt:
        _clean_up(task, coroutine)
        raise


def _clean_up(task, coroutine):
    """Lets an interrupted cell end, wherever the interrupt came: it must not go on in the next cell."""
    global _loop
    # Done already when it was interrupted itself.
    if not task.cancel():
        return
    try:
        _loop.run_until_complete(task)
    except asyncio.CancelledError:
        pass
    except RuntimeError:
        if task.done():
            raise
        # It came inside the loop, which has lost its place by that.
        _loop = None
        asyncio.events._set_running_loop(None)
        task._log_destroy_pending = False
        coroutine.close()


def forget():
    """Makes the next cell that awaits begin with a loop of its own."""
    global _loop
    _loop.close()
    _loop = None
    asyncio.set_event_loop(None)
