# tries: a hook that is asked about everything, for ever
# attack: 79
# ends: succeeded or exception or Crash
# spoils: its variables
import sys
if hasattr(sys, 'addaudithook'):
    sys.addaudithook(lambda *a: None)
    sys.addaudithook(lambda *a: [] if 'x' in str(a) else None)
