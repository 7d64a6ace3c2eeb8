# tries: waiting for nothing, for ever
# attack: 19
# limits: wall_ms 500
# ends: WallLimit or exception
import select
select.select([], [], [])
