# tries: getting the same random numbers twice by crashing
# attack: 87
# ends: succeeded
# shows: differ
import random, uuid, secrets
first = [random.random(), uuid.uuid4(), secrets.token_hex(), random.SystemRandom().random()]
# %%
second = [random.random(), uuid.uuid4(), secrets.token_hex(), random.SystemRandom().random()]
assert not set(map(str, first)) & set(map(str, second))
print('differ')
