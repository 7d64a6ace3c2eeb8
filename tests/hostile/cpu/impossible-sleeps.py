# tries: sleeping for times that do not exist
# attack: 18
# limits: wall_ms 2_000
# ends: succeeded
# shows: ValueError ValueError
import time
kinds = []
for span in (-1, float('nan'), 1e308, float('inf'), float('-inf')):
    try:
        time.sleep(span)
        kinds.append('slept')
    except Exception as error:
        kinds.append(type(error).__name__)
print(*kinds)
