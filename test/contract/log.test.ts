// The log of a process whose standard output lies on a full disk.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { builtFile } from "../../edge/machine/built.js";

const program = `
const { createLog } = await import(${JSON.stringify(builtFile("scripts/terminal.ts").href)});
const log = createLog("test");
for (let line = 0; line < 20000; line += 1) log.info({ line }, "a line that finds no room");
setTimeout(() => process.exit(7), 50);
`;

it.skipIf(!existsSync("/dev/full"))("ends nothing, however much there is to tell", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", full, "ignore"] });
  closeSync(full);
  const [code] = await once(child, "exit");
  expect(code).toBe(7);
});
