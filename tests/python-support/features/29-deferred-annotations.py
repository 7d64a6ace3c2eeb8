# Annotations are evaluated when asked for (PEP 649)
class Node:
    next: Node | None = None
import annotationlib
assert annotationlib.get_annotations(Node)["next"] == Node | None
