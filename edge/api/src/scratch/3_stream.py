# Output arrives while the cell runs. Close the tab if you like: it goes on without you.
import time

for height in way[-24:]:
    print(f"{height:>5}  {'│' * height.bit_length()}")
    time.sleep(0.2)
print("home")
