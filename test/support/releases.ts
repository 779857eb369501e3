// Releases for the tests of the installer: this checkout as a package, and small ones beside it that do not work.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of the package, made from the installed packages without the network. */
export function packRelease(out: string): string {
  const args = [join(root, "scripts/package.mjs"), "--installed", "--folder", "--out", out];
  return execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** A release whose program answers as asked for and never gets ready, after it has rewritten what it found. */
export function makeBrokenRelease(folder: string, version: string): string {
  const program = `const [what] = process.argv.slice(2);
if (what === "--version") console.log(${JSON.stringify(version)});
else if (what === "edge") {
  const { writeFileSync } = require("node:fs");
  const data = process.argv[process.argv.indexOf("--data") + 1];
  writeFileSync(data + "/site.yaml", "format: 2\\n");
  writeFileSync(data + "/book.json", '{"format":2}');
  setInterval(() => undefined, 1000);
} else if (what === "hub") {
  const { openSync, writeSync } = require("node:fs");
  const data = process.argv[process.argv.indexOf("--data") + 1];
  // SQLite's user_version, which says what tables there are.
  writeSync(openSync(data + "/ledger.sqlite", "r+"), Buffer.from([0, 0, 0, 99]), 0, 4, 60);
  setInterval(() => undefined, 1000);
}
`;
  const files: Readonly<Record<string, string>> = {
    "package.json": `${JSON.stringify({ name: "portcullis", version, type: "commonjs" }, null, 2)}\n`,
    ".build/scripts/portcullis.js": program,
    "bin/node": `#!/bin/sh\nexec ${process.execPath} "$@"\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  chmodSync(join(folder, "bin/node"), 0o755);
  for (const name of ["scripts/install.sh", "scripts/systemd"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  listFiles(folder);
  return folder;
}

export function listFiles(folder: string): void {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "files.sha256")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
  const sum = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  writeFileSync(join(folder, "files.sha256"), names.map((name) => `${sum(name)}  ${name}\n`).join(""));
}
