# tries: another cell in a kernel that has lost Python's own names
# attack: 78
# ends: NameError
# shows: Rewind the kernel
# spoils: its kernel
import builtins
builtins.__dict__.clear()
# %%
print(len([]))
