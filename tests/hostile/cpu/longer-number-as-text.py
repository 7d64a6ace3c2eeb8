# tries: seven million digits, the limit switched off
# attack: 7, int-digits
# limits: wall_ms 500
# ends: WallLimit or ValueError
import sys
sys.set_int_max_str_digits(0)
str(7**10**7)
