# tries: a length that asks for its own length hint
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
class Evil:
    def __getitem__(self, index):
        if index == 0:
            return 0
        raise IndexError
    def __len__(self):
        it.__length_hint__()
        return 1
it = iter(Evil())
it.__length_hint__()
