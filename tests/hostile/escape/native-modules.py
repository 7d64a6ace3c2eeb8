# tries: modules that reach past the interpreter
# attack: 76
# ends: succeeded
# shows: none of them is here
found = []
for name in ('ctypes', '_ctypes', 'mmap', '_posixsubprocess', 'resource', 'termios', 'fcntl.ioctl', 'pwd', 'grp', 'sqlite3', '_sqlite3', 'readline', 'curses', 'cffi', '_cffi_backend', 'msvcrt', 'winreg', 'spwd', '_testcapi'):
    try:
        __import__(name)
        found.append(name)
    except ImportError:
        pass
print('found' if set(found) - {'pwd', 'grp', 'resource', 'termios'} else 'none of them is here', *found)
