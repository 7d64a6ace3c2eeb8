# tries: cleaning up for ever after an interrupt
# attack: deaf
# cancelled: 300
# ends: stopped
import asyncio
try:
    while True:
        pass
finally:
    while True:
        try:
            await asyncio.sleep(60)
        except BaseException:
            pass
