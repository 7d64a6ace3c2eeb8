# itertools, collections, heapq, bisect, operator
import bisect, collections, heapq, itertools, operator
assert list(itertools.batched("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)] and list(itertools.pairwise([1, 2, 3])) == [(1, 2), (2, 3)]
assert collections.Counter("abca").most_common(1) == [("a", 2)] and heapq.nsmallest(2, [3, 1, 2]) == [1, 2]
assert bisect.insort([1, 3], 2) is None and collections.ChainMap({"a": 1}, {"b": 2})["b"] == 2 and operator.itemgetter(1)("ab") == "b"
