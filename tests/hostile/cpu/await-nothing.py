# tries: awaiting what nobody will ever set
# attack: 19
# limits: wall_ms 1_000
# ends: exception or WallLimit
import asyncio
await asyncio.get_running_loop().create_future()
