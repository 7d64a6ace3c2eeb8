# tries: a hash type before its module
# attack: interpreter-crashes
# ends: succeeded or exception
import _md5
_md5.md5(b'').hexdigest()
