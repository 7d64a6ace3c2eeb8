# tries: exponential backtracking through alternatives
# attack: 10, regex
# limits: wall_ms 500
# ends: WallLimit
import re
re.match(r'^(a|aa)+$', 'a' * 60 + 'b')
