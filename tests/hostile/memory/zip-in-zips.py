# tries: a zip of zips of zeros
# attack: 51
# limits: memory_bytes 134_217_728, wall_ms 8_000
# ends: MemoryError or MemoryLimit or WallLimit
import io, zipfile
def packed(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()
bomb = packed([(f'{i}', bytes(4 << 20)) for i in range(4)])
bomb = packed([(f'{i}.zip', bomb) for i in range(16)])
kept = []
def unpack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            kept.append(inner)
            if name.endswith('.zip'):
                unpack(inner)
unpack(bomb)
