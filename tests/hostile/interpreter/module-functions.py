# tries: every function of the native modules with arguments that it does not expect
# attack: interpreter-crashes
# limits: wall_ms 20_000
# ends: succeeded or Crash or MemoryLimit or MemoryError or WallLimit or SystemExit
# spoils: its variables
import sys, itertools
arguments = (None, -1, 0, 2**31, 2**63, 2**64, 1.5, float('nan'), '', '\ud800', b'', b'\xff' * 9, [], (), {}, object(), type, len, ..., bytearray(3), memoryview(b'ab'), slice(None), range(3), NotImplemented, iter(()))
skip = {'exit', '_exit', 'abort', 'sleep', 'input', 'breakpoint', 'kill', 'setrecursionlimit', 'read_input', 'take_input', 'collect', 'help', 'write_out', 'write_err', 'write_bytes', 'emit', 'print', 'pause'}
for name in sorted(sys.builtin_module_names):
    if name in ('_selvedge', 'sys', 'gc'):
        continue
    try:
        module = __import__(name)
    except Exception:
        continue
    for function in sorted(vars(module)):
        call = getattr(module, function)
        if function in skip or not callable(call) or isinstance(call, type):
            continue
        for given in [(), *[(a,) for a in arguments], *[(a, a) for a in arguments], *[(a, 1, a) for a in arguments[:8]]]:
            try:
                call(*given)
            except BaseException:
                pass
