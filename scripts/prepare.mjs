// Installs and builds what is missing, so that `npm start` and `npm test` are each one command on a fresh machine.
// Knows no package: it must run before any is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const oldestNode = [20, 19];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  console.error(`Portcullis needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}.`);
  console.error(`Portcullis 需要 Node ${oldestNode.join(".")} 或更高版本，当前为 ${process.versions.node}。`);
  process.exit(1);
}

/** Native packages belong to one lockfile and one Node version. */
function installMark() {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.versions.modules} ${process.arch}`;
}

function install() {
  const markFile = join(root, "node_modules", ".portcullis-installed");
  const mark = installMark();
  if (existsSync(markFile) && readFileSync(markFile, "utf8") === mark) return;
  console.error("Installing packages (a minute or two) ... 正在安装依赖（约一两分钟）……");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(markFile, mark);
}

async function buildIfOlder() {
  const { build, newestSource } = await import("./build.mjs");
  const mark = join(root, ".build", "built-at");
  if (existsSync(mark) && statSync(mark).mtimeMs >= newestSource()) return;
  await build();
  writeFileSync(mark, new Date().toISOString());
}

export async function prepare() {
  checkNode();
  install();
  await buildIfOlder();
}
