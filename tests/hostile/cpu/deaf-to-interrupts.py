# tries: swallowing every interrupt
# attack: deaf, 1
# cancelled: 300
# ends: stopped
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
