// tries: a regular expression of nested groups
// attack: 101, 102
// ends: exception or succeeded
new RegExp('('.repeat(100000) + ')'.repeat(100000));
