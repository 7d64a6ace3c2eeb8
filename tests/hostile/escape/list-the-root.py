# tries: seeing what is there
# attack: 72
# ends: succeeded
# never: proc
# never: vmlinuz
# never: usr
import os
for path in ('/', '.', '..', '/home', '/tmp'):
    try:
        print(sorted(os.listdir(path)))
    except OSError as error:
        print(type(error).__name__)
