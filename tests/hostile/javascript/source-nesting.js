// tries: source that nests in every way
// attack: 102
// limits: wall_ms 2_000
// ends: succeeded or WallLimit
for (const [open, close] of [['(', ')'], ['[', ']'], ['{', '}'], ['!', ''], ['a=>', ''], ['`${', '}`'], ['x?', ':1'], ['new ', ''], ['function(){', '}'], ['[..."a",', ']'], ['async()=>', ''], ['-', '']]) {
  for (const depth of [1000, 100000]) {
    try { new Function(open.repeat(depth) + '1' + close.repeat(depth)); } catch (error) {}
  }
}
console.log('held');
