# tries: a million groups in one regular expression
# attack: 12
# limits: wall_ms 700
# ends: WallLimit or exception or MemoryLimit
import re
re.sub('(a)' * 10**6, '', 'a' * 10**6)
