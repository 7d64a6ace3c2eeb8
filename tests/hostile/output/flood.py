# tries: printing megabytes for ever
# attack: 60, output-flood
# limits: wall_ms 700
# ends: WallLimit
# never: yyyy
print('z')
while True:
    print('x' * 10**6)
