// libfaketime: a process of its own whose wall clock a test sets while it runs, and whose monotonic clock goes on.
import { existsSync, readdirSync } from "node:fs";

const library = readdirSync("/usr/lib")
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

/** Why its tests are left out; null where it is installed. */
export const withoutFaketime = library === undefined ? "libfaketime is missing (Debian package faketime)" : null;

/** Surroundings of a process whose wall clock is what `file` says. */
export function fakedClock(file: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    // One name for each generation of the library.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    DONT_FAKE_MONOTONIC: "1",
    NO_FAKE_STAT: "1",
  };
}
