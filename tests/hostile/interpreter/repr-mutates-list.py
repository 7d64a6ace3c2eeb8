# tries: an element that changes its list while the list is shown
# attack: interpreter-crashes, 39
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit or MemoryLimit
class Evil:
    def __repr__(self):
        if len(things) < 1000:
            things.append(1)
        return 'evil'
things = [Evil()]
repr(things)
