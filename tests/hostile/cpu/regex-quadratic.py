# tries: a search that is quadratic in a text of a megabyte
# attack: regex
# limits: wall_ms 500
# ends: WallLimit
import re
re.search(r'a*b', 'a' * 10**6)
