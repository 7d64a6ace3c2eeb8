# tries: a hundred thousand displays
# attack: many-displays
# limits: wall_ms 5_000
# ends: truncated or WallLimit or exception
import selvedge
for i in range(10**5):
    selvedge.show({'text/plain': 'x' * 100})
