// The built command line, as people and other programs call it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { builtFile } from "../../edge/machine/built.js";

export const entry = fileURLToPath(builtFile("scripts/portcullis.ts"));

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line to its end. */
export function portcullis(...args: readonly string[]): Promise<Told> {
  return portcullisIn(process.env, ...args);
}

/** The same in an environment of its own. */
export function portcullisIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Told> {
  return told(spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "pipe"], env }));
}

/** The same with something to read on its standard input, a PIN for example. */
export function portcullisFed(input: string, ...args: readonly string[]): Promise<Told> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  return told(child);
}

async function told(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<Told> {
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, "close");
  return { code, out: await out, err: await err };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
