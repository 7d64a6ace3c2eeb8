# tries: ten million characters in one write
# attack: 61
# ends: truncated
import sys
sys.stdout.write('x' * 10**7)
