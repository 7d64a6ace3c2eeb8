# tries: native functions that read an argument before they count them
# attack: interpreter-crashes
# ends: TypeError
import _typing
_typing._idfunc()
