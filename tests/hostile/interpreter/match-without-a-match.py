# tries: the parts of a match that never was
# attack: interpreter-crashes
# ends: exception
import re
kind = type(re.match('a', 'a'))
kind.__new__(kind)[0]
