# tries: a function with twenty thousand decorators
# attack: 34
# ends: succeeded or exception
exec('d = lambda f: f\n' + '@d\n' * 20_000 + 'def f(): pass')
