# tries: fifty thousand times not
# attack: 29
# ends: exception
eval('not ' * 50_000 + '1')
