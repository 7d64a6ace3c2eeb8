# tries: waiting for a signal that never comes
# attack: 21
# limits: wall_ms 500
# ends: WallLimit or exception
import signal
signal.alarm(1)
signal.pause()
