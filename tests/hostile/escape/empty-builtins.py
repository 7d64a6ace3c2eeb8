# tries: a world without builtins
# attack: 78
# ends: succeeded or exception or Crash
# spoils: its kernel
import builtins
builtins.__dict__.clear()
