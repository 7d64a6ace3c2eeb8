# tries: replacing what runs its cells
# attack: 78
# ends: succeeded or exception or Crash
import sys
for name, module in list(sys.modules.items()):
    if name.startswith(('_selvedge', 'selvedge', 'traceback', 'linecache', 'json', 'inspect')) and module is not None:
        for attribute in list(vars(module)):
            if not attribute.startswith('__'):
                try:
                    setattr(module, attribute, lambda *a, **k: 1 / 0)
                except Exception:
                    pass
