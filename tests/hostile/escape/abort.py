# tries: aborting the interpreter
# attack: 80
# ends: Crash or exception
import os
os.abort()
