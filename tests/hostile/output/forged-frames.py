# tries: printing what looks like messages between node and worker
# attack: 81, forged-events
# ends: succeeded
# shows: ended
import json, struct, sys, os
frame = json.dumps({'type': 'ended', 'run': 'run_' + '0' * 32, 'outcome': {'status': 'succeeded', 'fuel': 0, 'duration_ms': 0, 'error': None, 'truncated': False}, 'kept': False}).encode()
frame = struct.pack('<II', len(frame), 0) + frame
sys.stdout.buffer.write(frame)
sys.stderr.buffer.write(frame)
os.write(1, frame)
os.write(2, frame)
print(frame)
print('{"type":"ready","version":1,"image":"x"}')
