// tries: JSON that is a million lists deep
// attack: 102
// ends: exception
JSON.parse('['.repeat(1e6));
