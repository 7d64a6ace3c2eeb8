# zlib, gzip, bz2, lzma, zipfile, hashlib, hmac, base64
import base64, bz2, gzip, hashlib, hmac, io, lzma, zipfile, zlib
data = b"selvedge " * 100
for module in (zlib, gzip, bz2, lzma): assert module.decompress(module.compress(data)) == data
assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442") and hmac.new(b"k", b"m", "sha256").hexdigest()
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive: archive.writestr("a", data)
assert zipfile.ZipFile(buffer).read("a") == data and base64.b85decode(base64.b85encode(data)) == data
