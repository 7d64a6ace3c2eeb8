# tries: a regular expression that backtracks exponentially
# attack: 10, regex
# limits: wall_ms 500
# ends: WallLimit
import re
re.match(r'(a+)+$', 'a' * 40 + 'b')
