// tries: swallowing every interrupt, which JavaScript cannot
// attack: deaf, 101
// cancelled: 300
// ends: Interrupted
for (;;) {
  try {
    for (;;) {}
  } catch {
  } finally {
    for (;;) {}
  }
}
