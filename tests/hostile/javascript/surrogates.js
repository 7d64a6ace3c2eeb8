// tries: half characters in output, names and errors
// attack: 101, 64
// ends: exception
console.log('\ud800', '\udfff'.repeat(3));
const error = new Error('\ud83d');
error.name = '\ude00';
throw error;
