// The product under test: a real server, started from the built binary on a folder of its own; or BASE_URL, started by somebody else.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const READY = "selvedge ready at ";

/** Starts it. `restart` ends the process and starts it again on the same data and port; `stop` and `start` do half of that each. */
export async function startProduct() {
  if (process.env.BASE_URL) {
    return { url: process.env.BASE_URL.replace(/\/$/, ""), isOurs: false, link: null, close: async () => {} };
  }
  const data = await mkdtemp(join(tmpdir(), "selvedge-browser-"));
  let running = await serve(data, "0");
  const url = running.url;
  const port = new URL(url).port;
  const product = {
    url,
    isOurs: true,
    /** One-time sign-in link of the installation's administrator. */
    link: running.link,
    stop: async () => end(running.process),
    start: async () => {
      running = await serve(data, port);
    },
    restart: async () => {
      await product.stop();
      await product.start();
    },
    close: async () => {
      await end(running.process);
      await rm(data, { recursive: true, force: true });
    },
  };
  return product;
}

async function serve(data, port) {
  const program = process.env.SELVEDGE_BIN ?? join(root, "target/release/selvedge");
  const child = spawn(program, ["up", "--port", port, "--data", data], {
    env: { ...process.env, SELVEDGE_ASSETS: process.env.SELVEDGE_ASSETS ?? join(root, "target/selvedge") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  const lines = [child.stdout, child.stderr].map((input) => createInterface({ input }));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`selvedge ended with ${code} before it was ready:\n${said.join("\n")}`)));
    for (const reader of lines) {
      reader.on("line", (line) => {
        said.push(line);
        const at = line.indexOf(READY);
        if (at >= 0) {
          const url = line.slice(at + READY.length).trim().split(/\s/)[0];
          // What else it prints at its start follows at once; the link is among it or came before.
          setImmediate(() => resolve({ process: child, url, link: linkIn(said) }));
        }
      });
    }
  });
}

const linkIn = (said) => said.map((line) => line.match(/https?:\/\/\S*\/sign-in\/link\/\S+/)?.[0]).find(Boolean) ?? null;

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await gone;
}
