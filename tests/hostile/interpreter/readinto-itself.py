# tries: reading a stream into its own buffer
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
import io
stream = io.BytesIO(b'abcdef')
stream.readinto(stream.getbuffer())
