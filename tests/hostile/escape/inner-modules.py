# tries: modules that are for testing an interpreter or for making others
# attack: 76
# ends: succeeded
# shows: none
import importlib
there = []
for name in ('_testinternalcapi', '_testcapi', '_interpreters', '_interpqueues', '_interpchannels', '_xxsubinterpreters', '_remote_debugging', '_ctypes', 'ctypes', '_testlimitedcapi'):
    try:
        importlib.import_module(name)
        there.append(name)
    except ImportError:
        pass
print(there or 'none')
