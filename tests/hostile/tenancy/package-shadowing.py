# tries: modules of its own in place of Python's
# attack: 99
# ends: succeeded or exception
# spoils: its variables
import os, sys
for folder in ('.', '/home', '/tmp', '/'):
    for name in ('json.py', 'sitecustomize.py', 'usercustomize.py', 'random.py', 'selvedge.py', '_selvedge_kernel.py', 'evil.pth'):
        try:
            with open(os.path.join(folder, name), 'w') as file:
                file.write('import sys; sys.exit(1)\n')
        except OSError:
            pass
sys.path.insert(0, '/home')
for name in ('json', 'random'):
    sys.modules.pop(name, None)
    try:
        __import__(name)
    except SystemExit:
        pass
