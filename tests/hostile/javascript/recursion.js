// tries: a function that calls itself
// attack: 102
// ends: exception
const f = () => f() + 1;
f();
