# random with a seed, secrets, uuid
import random, secrets, uuid
assert random.Random(1).random() == 0.13436424411240122 and len(secrets.token_hex(8)) == 16 and uuid.uuid4() != uuid.uuid4()
