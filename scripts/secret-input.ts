// A PIN from the terminal without showing it, or from standard input where that is no terminal; never an argument, which every
// process on the machine may read.
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Lines of the standard input that are read ahead, where it is no terminal. */
let lines: AsyncIterator<string> | null = null;

/** One line; empty when there is none. */
export async function readSecret(prompt: string): Promise<string> {
  if (process.stdin.isTTY) return askHidden(prompt);
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  return done === true ? "" : value.trim();
}

function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    terminal.once("close", () => resolve(""));
    terminal.question("", (line) => {
      resolve(line.trim());
      terminal.close();
      process.stderr.write("\n");
    });
  });
}
