# tries: lone surrogates and bytes that are no UTF-8 on standard output
# attack: 64, json-numbers
# ends: succeeded or exception
import sys, os
print('\ud800 and \udfff')
sys.stdout.buffer.write(b'\xff\xfe\x80 bytes')
os.write(1, b'\xc3\x28')
