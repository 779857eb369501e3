// npm test: installs and builds what is missing, then runs all tests that need no special machine.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const chosen = process.argv.slice(2);
// Of a part of the tests the table of requirements would say that the rest is missing.
const reporters = [
  "--reporter=default",
  "--reporter=./test/support/driver-matrix-reporter.ts",
  ...(chosen.length === 0 ? ["--reporter=./test/support/requirements-reporter.ts"] : []),
];
const vitest = spawnSync(
  process.execPath,
  [join(root, "node_modules/vitest/vitest.mjs"), "run", ...reporters, ...chosen],
  { cwd: root, stdio: "inherit" },
);
process.exit(vitest.status ?? 1);
