# tries: every codec with bytes and handlers that it does not expect
# attack: interpreter-crashes
# limits: wall_ms 10_000
# ends: succeeded or WallLimit
import codecs
def past_the_end(error): return ('x', 2**40)
def before_the_start(error): return ('x', -2**40)
def no_text(error): return (7, 0)
for name, handler in (('past', past_the_end), ('before', before_the_start), ('none', no_text)):
    codecs.register_error(name, handler)
for codec in ('utf-8', 'utf-16', 'utf-32', 'utf-7', 'latin-1', 'ascii', 'cp1252', 'idna', 'punycode', 'unicode_escape', 'raw_unicode_escape', 'shift_jis', 'gb18030', 'big5', 'euc_kr', 'hex', 'base64', 'zlib', 'rot13', 'uu', 'mbcs', 'utf-8-sig', '\ud800', 'undefined'):
    for errors in ('strict', 'ignore', 'replace', 'surrogatepass', 'surrogateescape', 'backslashreplace', 'xmlcharrefreplace', 'namereplace', 'past', 'before', 'none', 'missing'):
        for data in (b'', b'\xff', b'\xed\xa0\x80', b'\xf8\x88\x80\x80\x80', b'\x00' * 3, b'+AAA', b'\\N{', b'xn--\xff', bytes(range(256))):
            try:
                data.decode(codec, errors)
            except Exception:
                pass
        for text in ('', '\ud800', 'é\U0010ffff\udfff', 'x' * 300, '\0'):
            try:
                text.encode(codec, errors)
            except Exception:
                pass
