# tries: generators that feed each other for ever
# attack: generator-storm
# limits: wall_ms 500
# ends: WallLimit
def echo(source):
    for item in source:
        yield item
        yield item
def start():
    while True:
        yield 1
stream = start()
for _ in range(200):
    stream = echo(stream)
for _ in stream:
    pass
