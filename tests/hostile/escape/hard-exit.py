# tries: ending the interpreter itself
# attack: 80
# ends: Crash or exception
import os
os._exit(0)
