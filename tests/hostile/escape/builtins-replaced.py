# tries: builtins of its own, under the names that whoever runs cells uses
# attack: 78
# ends: ZeroDivisionError
# spoils: its kernel
import builtins
for name in ('isinstance', 'getattr', 'type', 'str', 'len', 'set', 'bool', 'list', 'hasattr', 'enumerate', 'max', 'min'):
    setattr(builtins, name, None)
# %%
1 / 0
