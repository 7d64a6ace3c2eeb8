# tries: buffers that change their size while somebody looks into them
# attack: 40
# limits: wall_ms 2_000
# ends: succeeded
# shows: BufferError
import io
kinds = []
def attempt(action):
    try:
        action()
        kinds.append('done')
    except Exception as error:
        kinds.append(type(error).__name__)
b = bytearray(100)
m = memoryview(b)
attempt(lambda: b.extend(b'x' * 10**6))
attempt(lambda: b.clear())
attempt(lambda: b.__init__(10**6))
stream = io.BytesIO(b'abcdef')
view = stream.getbuffer()
attempt(lambda: stream.write(b'x' * 10**6))
attempt(lambda: stream.truncate(1))
print(*kinds)
