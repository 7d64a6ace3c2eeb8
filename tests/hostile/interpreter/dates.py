# tries: dates, zones and formats at their edges
# attack: interpreter-crashes
# ends: succeeded
# shows: held
import datetime, time
uses = [lambda: datetime.datetime.max + datetime.timedelta(1), lambda: datetime.timedelta(days=10**9), lambda: datetime.datetime.fromtimestamp(1e20), lambda: datetime.datetime.fromtimestamp(float('nan')), lambda: time.localtime(2**62), lambda: time.gmtime(-2**63),
        lambda: time.strftime('%' * 1001), lambda: time.strftime('\ud800'), lambda: time.strftime('%Y', (2**40,) * 9), lambda: time.mktime((2**31,) * 9), lambda: time.asctime((0,) * 9), lambda: datetime.date.fromisoformat('\U0001d7d8' * 10), lambda: datetime.datetime.strptime('x' * 10_000, '%c' * 10_000),
        lambda: datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.min).timestamp(), lambda: datetime.date.min - datetime.timedelta(1), lambda: time.struct_time([1] * 9, {'tm_zone': 1}), lambda: datetime.timezone(datetime.timedelta(hours=24)), lambda: time.strptime('٣', '%d'), lambda: time.ctime(10**30)]
for use in uses:
    try:
        use()
    except Exception:
        pass
print('held')
