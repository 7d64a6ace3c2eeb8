# tries: leaving by SystemExit
# attack: 80
# ends: succeeded or SystemExit
import sys, atexit
atexit.register(print, 'at exit')
sys.exit()
