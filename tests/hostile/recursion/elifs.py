# tries: twenty thousand branches of one if
# attack: 30
# ends: succeeded or exception
exec('if 0: pass\n' + 'elif 0: pass\n' * 20_000)
