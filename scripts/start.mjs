// npm start: installs and builds what is missing, then runs hub, box and simulators of the example site on this machine.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

await prepare();
const demo = spawn(process.execPath, [join(root, ".build/scripts/portcullis.js"), "demo", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => demo.kill(signal));
demo.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 0));
