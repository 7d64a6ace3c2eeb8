# warnings, logging, traceback, unittest, doctest
import doctest, io, logging, traceback, types, unittest, warnings
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    warnings.warn("careful")
stream = io.StringIO()
logging.basicConfig(stream=stream, force=True)
logging.getLogger("a").warning("w %d", 1)
assert len(seen) == 1 and "w 1" in stream.getvalue()
module = types.ModuleType("m")
module.__doc__ = ">>> 1 + 1\n2\n"
assert doctest.testmod(module).failed == 0
