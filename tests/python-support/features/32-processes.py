# Processes
import subprocess
assert subprocess.run(["true"]).returncode == 0
