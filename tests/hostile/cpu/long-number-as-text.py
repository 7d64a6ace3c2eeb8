# tries: the digits of a number longer than Python converts by default
# attack: 6, int-digits
# limits: wall_ms 5_000
# ends: ValueError
str(10**5000)
