# tries: hiding text in a buffer of its own when the cell ends
# attack: 79
# ends: succeeded
import io, sys
sys.stdout = io.StringIO()
print('nobody sees this')
sys.stdout = 7
