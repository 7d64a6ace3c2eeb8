# tries: burning more than was paid for
# attack: fuel
# limits: fuel 50_000_000
# ends: FuelLimit
while True:
    pass
