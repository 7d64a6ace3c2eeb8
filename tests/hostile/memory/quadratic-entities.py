# tries: one long XML entity used many times
# attack: 52
# limits: memory_bytes 134_217_728, wall_ms 2_000
# ends: exception or MemoryLimit or WallLimit or succeeded
import xml.etree.ElementTree as tree
tree.fromstring(f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]><l>{"&a;" * 20_000}</l>')
