# tries: the host's environment and arguments
# attack: environment
# ends: succeeded
# never: CARGO
# never: SELVEDGE
# never: /root
# never: PATH=
import os, sys, platform
print(dict(os.environ), sys.argv, sys.orig_argv if hasattr(sys, 'orig_argv') else '')
for attempt in (os.getcwd, os.getlogin if hasattr(os, 'getlogin') else str, platform.node, platform.platform, os.uname if hasattr(os, 'uname') else str, os.getpid, os.cpu_count):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__)
print(sys.path, sys.executable, sys.prefix, sys.base_prefix)
