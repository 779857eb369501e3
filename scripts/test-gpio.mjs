// `npm run test:gpio`: both ways to the pins pass the drivers' contract and more on a simulated chip in a real kernel, in QEMU.
// Says why when it cannot.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, newestSource } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "portcullis-gpio");
/** Program and the Debian package that brings it. */
const tools = {
  "qemu-system-x86_64": "qemu-system-x86",
  busybox: "busybox-static",
  modprobe: "kmod",
  cpio: "cpio",
  "gcc-12": "gcc-12",
  make: "make",
  xz: "xz-utils",
  strip: "binutils",
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
};

function skip(reason) {
  console.log(`test:gpio skipped: ${reason}`);
  process.exit(0);
}

function run(...command) {
  return spawnSync("bash", command, { stdio: "inherit" }).status ?? 1;
}

if (process.platform !== "linux" || process.arch !== "x64") skip("needs Linux on x86-64");
const missing = Object.keys(tools).filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
if (missing.length > 0) {
  skip(`without ${missing.join(", ")}; apt-get install ${missing.map((tool) => tools[tool]).join(" ")}`);
}
const prepared = spawnSync("bash", [join(root, "test/gpio/prepare.sh"), cache], { encoding: "utf8" });
if (prepared.status !== 0) skip(`the kernel could not be prepared:\n${prepared.stderr}`);

const driver = statSync(join(root, ".build/edge/field/gpio/driver.js"), { throwIfNoEntry: false });
if (!driver || driver.mtimeMs < newestSource()) await build();

const vitest = [process.execPath, join(root, "node_modules/vitest/vitest.mjs"), "run", "--configLoader", "runner"];
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const folder = mkdtempSync(join(tmpdir(), "portcullis-gpio-"));
const script = join(folder, "script");
const command = [...vitest, "--config", "test/gpio/vitest.config.ts"].map(quoted).join(" ");
writeFileSync(script, `export NO_COLOR=1 CI=1; cd ${quoted(root)} && exec ${command}\n`);
const code = run(join(root, "test/gpio/vm.sh"), cache, script);
rmSync(folder, { recursive: true });
process.exit(code);
