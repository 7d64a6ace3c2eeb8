# tries: an index that changes its array
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
import array
a = array.array('i', [1, 2, 3])
class Index:
    def __index__(self):
        a.append(4)
        del a[:]
        return 0
a[0] = Index()
a[Index()] = 1
a[Index():Index()] = a
