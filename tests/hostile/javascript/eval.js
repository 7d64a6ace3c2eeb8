// tries: code from text
// attack: 101
// ends: succeeded
// shows: 42
console.log(eval('6 * 7'), new Function('return this')() === globalThis);
