# tries: code whose stack the compiler has to guess
# attack: interpreter-crashes
# ends: succeeded
# shows: held
class Left: pass
class Right: pass
class Lexer:
    def read(self): return None
    def one(self):
        while self:
            c = self.read()
            break
        else:
            return x
        {"(": Left, ")": Right}
def tokenize():
    lexer = Lexer()
    while lexer.one():
        pass
tokenize()
exec('x = [' + ', '.join(f'[{i}, {{{i}: ({i},)}}]' for i in range(3000)) + ']')
exec('f(' + ', '.join(f'*a{i}' for i in range(300)) + ', ' + ', '.join(f'**b{i}' for i in range(300)) + ') if 0 else 0')
exec('a' + ' = a'.join(str(i) for i in range(2000)) + ' = 1')
print('held')
