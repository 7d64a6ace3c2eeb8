# tries: writing a billion characters at once
# attack: 61
# limits: wall_ms 5_000, memory_bytes 134_217_728
# ends: MemoryError or MemoryLimit or OverflowError
import sys
sys.stdout.write('x' * 10**9)
