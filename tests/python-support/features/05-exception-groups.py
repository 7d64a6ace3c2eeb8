# Exception groups and `except*`
seen = []
try:
    raise ExceptionGroup("many", [ValueError(1), TypeError(2)])
except* ValueError as group:
    seen.append(len(group.exceptions))
except* TypeError as group:
    seen.append(len(group.exceptions))
assert seen == [1, 1]
