# tries: terminal sequences, spoofed lines, bidirectional overrides and NUL: text is text
# attack: 63
# ends: succeeded
# shows: 8;;http://example.com
print('\x1b]52;c;aGVsbG8=\x07\x1b]8;;http://example.com\x1b\\click\x1b[2J\rspoofed \u202egnp.exe \0 end')
