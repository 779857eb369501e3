// The watch over the reaction thread, in a process of its own that may die.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { builtFile } from "../../edge/machine/built.js";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process that is watched over with a patience of two looks and then does `body`. */
async function runWatched(body: string): Promise<{ code: number | null; signal: string | null; said: string }> {
  const from = (file: string) => JSON.stringify(builtFile(file).href);
  const script = `(async () => {
    const { startWatchdog } = await import(${from("edge/health/watchdog.ts")});
    const { createClock } = await import(${from("edge/machine/clock.ts")});
    const { createTimer } = await import(${from("edge/machine/timer.ts")});
    const end = startWatchdog({ clock: createClock(), timer: createTimer() }, console.error, 2);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    ${body}
  })()`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += String(chunk);
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, said };
}

it("ends a process whose reaction thread hangs, and says so although that thread can say nothing", async () => {
  const { signal, said } = await runWatched("for (;;);");
  expect(signal).toBe("SIGKILL");
  expect(said).toContain("the reaction thread has stood still");
});

it("lets a process live that goes on beating, and end when it wants to", async () => {
  const { code } = await runWatched("await new Promise((resolve) => setTimeout(resolve, 4000)); end();");
  expect(code).toBe(0);
});
