// tries: writing JSON that is a hundred thousand lists deep
// attack: 102
// ends: exception or succeeded
let x = [];
for (let i = 0; i < 100000; i++) x = [x];
JSON.stringify(x);
