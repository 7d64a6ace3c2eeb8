# tries: reading rows of nothing with a dialect that is not there
# attack: interpreter-crashes
# ends: StopIteration or RuntimeError
import _csv
next(_csv.reader([]))
