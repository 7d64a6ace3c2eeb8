# tries: source that is no text
# attack: interpreter-crashes, 64
# ends: exception
eval(chr(0xD800))
