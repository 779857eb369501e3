// How commands speak to people and end: errors in both languages, exit code 0 only on success.
import { pino } from "pino";
import { errorTexts } from "../config/texts.js";
import type { ConfigTrouble } from "../config/trouble.js";
import { PortcullisError, type Trouble } from "../edge/model/error.js";

const secrets = ["password", "*.password", "token", "*.token", "key", "*.key", "oneTimeCode"];

/** Lines that wait for a log that cannot be written; more are dropped. */
const logBytesMax = 256 * 1024;

/** JSON to stdout, secrets redacted; the journal, not the log, is the truth: a log on a full disk ends nothing. */
export function createLog(name: string) {
  const stdout = pino.destination({ dest: 1, sync: true, maxLength: logBytesMax });
  // What cannot be written is written with the next line, or dropped.
  stdout.on("error", () => undefined);
  return pino({ name, redact: secrets, level: process.env["PORTCULLIS_LOG"] ?? "info" }, stdout);
}

export function tellTrouble(trouble: Trouble | ConfigTrouble): void {
  const text = "message" in trouble ? trouble : errorTexts[trouble.code];
  console.error(`${trouble.code}  ${trouble.place}  ${trouble.detail}`);
  console.error(`  ${text.message.en} ${text.remedy.en}`);
  console.error(`  ${text.message.zh}${text.remedy.zh}`);
}

/** Runs a command's work; trouble is told and ends with code 1. */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const trouble = error instanceof PortcullisError ? error.trouble : troubleOfSystem(error);
    if (trouble !== null) tellTrouble(trouble);
    else console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  }
}

/** What the operating system did not let a command do; null for another error, whose trace is wanted. */
function troubleOfSystem(error: unknown): Trouble | null {
  if (!(error instanceof Error) || !("syscall" in error)) return null;
  const { path, address, port } = error as Error & { path?: unknown; address?: unknown; port?: unknown };
  const place = typeof path === "string" ? path : [address, port].filter((part) => part !== undefined).join(":");
  return { code: "machine.refused", place: place || String(error.syscall), detail: error.message };
}

/**
 * Calls `close` once on SIGINT or SIGTERM, or when the process that started this one with a message channel is gone, and
 * ends the process; a second signal ends it at once.
 */
export function closeOnSignal(close: (signal: string) => Promise<void>): void {
  let closing = false;
  const end = (signal: string) => {
    if (closing) process.exit(1);
    closing = true;
    void close(signal).finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => end(signal));
  process.on("disconnect", () => end("disconnect"));
  if (process.send !== undefined && !process.connected) end("disconnect");
}

/** Tells the process that started this one, if it still listens. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message);
}
