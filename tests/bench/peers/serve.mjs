// What the JavaScript peers share: one request a line on stdin (JSON), one answer a line on stdout.
import { createInterface } from 'node:readline';

export async function serve(operations) {
  operations = { hello: () => ({}), ...operations };
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...rest } = JSON.parse(line);
    let answer;
    try {
      answer = await operations[name](rest);
    } catch (error) {
      // A peer that cannot do something says so; the benchmark goes on.
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

export function check(seen, expected) {
  if (seen !== expected) throw new Error(`expected ${expected}, got ${seen}`);
}
