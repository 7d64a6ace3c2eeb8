// tries: the same random numbers after a restart
// attack: 101, 87
// ends: succeeded
// shows: differ
var first = [Math.random(), Math.random()];
// %%
console.log(Math.random() !== first[0] && new Set(first).size === 2 ? 'differ' : 'same');
