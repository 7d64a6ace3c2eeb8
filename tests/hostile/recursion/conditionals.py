# tries: fifty thousand conditional expressions in each other
# attack: 29
# ends: exception
eval('1 if 0 else ' * 50_000 + '1')
