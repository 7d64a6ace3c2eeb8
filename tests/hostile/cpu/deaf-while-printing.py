# tries: printing for ever, interrupted or not
# attack: deaf, output-flood
# cancelled: 300
# ends: stopped
while True:
    try:
        while True:
            print('x' * 1000)
    except BaseException:
        pass
