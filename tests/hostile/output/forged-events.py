# tries: speaking to the host past the kernel: kinds that do not exist, JSON that is none, an end before the end
# attack: 79, forged-events
# ends: exception or succeeded
import _selvedge
for kind in (-1, 0, 1, 2, 3, 4, 5, 6, 99, 2**31, 2**64):
    for data in ('', '{', '[' * 100_000, '{"type": "Forged", "message": "no", "traceback": ""}', '\x00', 'null', '{"text": 1}', '"\\ud800"'):
        try:
            _selvedge.emit(kind, data)
        except Exception:
            pass
