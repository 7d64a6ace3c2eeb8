# tries: flooding the error stream
# attack: 62, output-flood
# limits: wall_ms 700
# ends: WallLimit
import sys
while True:
    sys.stderr.write('x' * 10**5)
