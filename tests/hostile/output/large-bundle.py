# tries: a rich value of 100 MB
# attack: 68
# limits: memory_bytes 536_870_912
# ends: truncated or exception or MemoryLimit or succeeded
class Rich:
    def _repr_html_(self):
        return '<p>' + 'x' * 10**8
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/html': '<p>' + 'x' * 10**8}
Rich()
