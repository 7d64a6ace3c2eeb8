# tries: a bundle whose types and contents are no text
# attack: mime-confusion
# ends: succeeded or exception
class Odd:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {7: b'\xff', None: object(), 'image/png': '<script>alert(1)</script>', 'text/html\r\nx-evil: 1': float('nan')}
Odd()
