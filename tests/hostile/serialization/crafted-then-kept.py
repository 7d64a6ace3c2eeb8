# tries: a checkpoint of a kernel with crafted code in it
# attack: 86
# ends: succeeded or exception or Crash
def f():
    return 1
f.__code__ = f.__code__.replace(co_code=bytes([100, 255] * 50))
hidden = f
# %%
hidden()
