# tries: taking away every module and the way to import
# attack: 78
# ends: succeeded or exception
# spoils: its kernel
import sys, builtins
for name in list(sys.modules):
    del sys.modules[name]
del builtins.__import__, builtins.__build_class__, builtins.repr, builtins.str
