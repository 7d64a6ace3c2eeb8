# Integers of any size
assert 2 ** 1000 % 10 ** 9 == 668069376 or str(2 ** 1000).endswith("376")
assert pow(3, -1, 7) == 5 and (10 ** 50).bit_length() == 167 and int("f" * 40, 16) == 16 ** 40 - 1
