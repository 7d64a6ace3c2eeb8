# tries: nothing: it is cancelled, ends by that, and keeps what it did
# attack: deaf
# cancelled: 300
# ends: KeyboardInterrupt
# shows: cleaned up
try:
    while True:
        pass
finally:
    print('cleaned up')
