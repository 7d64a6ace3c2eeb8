# pickle, copy, shelve-like protocols
import copy, pickle
class Node:
    def __init__(self): self.next = self
    def __getstate__(self): return {"next": self.next, "seen": True}
again = pickle.loads(pickle.dumps(Node()))
assert again.next is again and again.seen and copy.deepcopy([[1]]) == [[1]]
