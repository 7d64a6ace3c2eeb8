# tries: dialects that cannot be
# attack: interpreter-crashes
# ends: succeeded
# shows: held
import csv, io
for options in ({'delimiter': ''}, {'delimiter': 'ab'}, {'delimiter': '\n'}, {'quotechar': ''}, {'quotechar': 7}, {'lineterminator': None}, {'delimiter': '\ud800'}, {'escapechar': '\\', 'quoting': 99}, {'dialect': 'none'}, {'dialect': object()}):
    try:
        list(csv.reader(['a,b', '"c'], **options))
        csv.writer(io.StringIO(), **options).writerow(['a', '"', '\n', None, 1.5])
    except Exception:
        pass
print('held')
