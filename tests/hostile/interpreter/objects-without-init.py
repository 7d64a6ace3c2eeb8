# tries: every type made by __new__ alone, and every operation on it
# attack: interpreter-crashes
# limits: wall_ms 20_000
# ends: succeeded or Crash
# spoils: its variables
import gc, operator, sys
import re, itertools, collections, functools, io, json, struct, array, zlib, random, datetime, decimal, types, weakref, asyncio, contextvars
skip = {'_Bytes', '_Text', '_Stdout', '_Stderr', '_Stdin'}
uses = [lambda x: x[0], iter, next, len, hash, repr, lambda x: x(), lambda x: x + 1, lambda x: x == 1, lambda x: memoryview(x), operator.index, lambda x: x.__enter__(), dir, lambda x: -x, lambda x: x[0:1], list]
for kind in {t for t in gc.get_objects() if isinstance(t, type)} | set(object.__subclasses__()):
    if kind.__name__ in skip or issubclass(kind, BaseException):
        continue
    try:
        thing = kind.__new__(kind)
    except BaseException:
        continue
    for use in uses:
        try:
            use(thing)
        except Exception:
            pass
