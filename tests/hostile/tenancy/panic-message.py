# tries: a crash that tells about the machine
# attack: host-paths, 85
# ends: Crash or exception
# never: /work/
# never: /root/
# never: .cargo
# never: .rs:
def f():
    pass
f.__code__ = f.__code__.replace(co_code=bytes([100, 255] * 50))
f()
