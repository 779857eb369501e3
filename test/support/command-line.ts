// The built command line, as people and other programs call it.
import { spawn } from "node:child_process";
import { once } from "node:events";
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
export async function portcullisIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Told> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = await once(child, "close");
  return { code, out: await out, err: await err };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
