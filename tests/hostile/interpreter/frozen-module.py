# tries: a frozen module that is not there, with an argument too many
# attack: interpreter-crashes
# ends: succeeded or TypeError
import _imp
_imp.find_frozen('x', True)
