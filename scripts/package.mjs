// npm run package: a self-contained release for sites without Internet, for machines like this one: the built program, its packages
// as the lockfile names them, this Node, and the installer. Each file is in a list with its checksum.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { prepare, root } from "./prepare.mjs";

const usage = `npm run package [-- --out DIR] [--installed] [--folder]
  --out DIR     where the release is put; .build.packages unless given
  --installed   take the packages of this checkout (npm ci has checked them) instead of fetching them anew
  --folder      leave the release as a folder: no tarball`;

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const name = `portcullis-${version}-linux-${process.arch === "x64" ? "amd64" : process.arch}`;
/** Folders whose README speaks to who works with the product. */
const told = ["edge/commissioning", "edge/field", "edge/journal", "edge/uplink", "hub"].map(
  (folder) => `${folder}/README.md`,
);
/** Beside the program itself. */
const plain = [
  "package.json",
  "package-lock.json",
  "LICENSE",
  "README.md",
  ...told,
  "scripts/install.sh",
  "scripts/systemd",
];
/** Of the built files: what only a checkout needs, and maps. */
const leftOut = /^test\/|^scripts\/(bench|recordings|kill-loop|soak)|\.map$|^built-at$/;

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(" ")} failed: ${error ?? `code ${status}`}`);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

function copyProgram(to) {
  for (const file of plain) cpSync(join(root, file), join(to, file), { recursive: true });
  for (const file of readdirSync(join(root, "config")).filter((each) => /\.(yaml|json)$/.test(each)))
    cpSync(join(root, "config", file), join(to, "config", file));
  for (const file of filesBelow(join(root, ".build")).filter((each) => !leftOut.test(each)))
    cpSync(join(root, ".build", file), join(to, ".build", file));
  mkdirSync(join(to, "bin"));
  cpSync(realpathSync(process.execPath), join(to, "bin/node"));
  chmodSync(join(to, "bin/node"), 0o755);
}

/** The packages of the checkout that the lockfile does not say are for development: what `npm ci --omit=dev` leaves. */
function copyInstalled(to) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const wanted = Object.entries(packages).filter(
    ([place, { dev, devOptional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && !dev && !devOptional,
  );
  // Hard links cost nothing, and nobody writes into a release.
  const isOneDisk = statSync(realpathSync(join(root, "node_modules"))).dev === statSync(to).dev;
  for (const [place, { optional }] of wanted) {
    const from = join(root, place);
    if (!existsSync(from)) {
      if (optional) continue;
      throw new Error(`${place} is not installed; run npm ci`);
    }
    mkdirSync(dirname(join(to, place)), { recursive: true });
    run("cp", [isOneDisk ? "-al" : "-a", realpathSync(from), join(to, place)], root);
  }
}

function installPackages(to) {
  run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], to);
  // Names of programs that nobody calls, as links, which a list of files cannot hold.
  rmSync(join(to, "node_modules/.bin"), { recursive: true, force: true });
  rmSync(join(to, "node_modules/.package-lock.json"), { force: true });
}

function list(folder) {
  const sum = (file) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  const files = filesBelow(folder).toSorted((one, other) => (one < other ? -1 : 1));
  writeFileSync(join(folder, "files.sha256"), files.map((file) => `${sum(file)}  ${file}\n`).join(""));
  return files.length;
}

/** The same files give the same tarball, whenever and by whomever it is made. */
function pack(out) {
  const archive = join(out, `${name}.tar.gz`);
  const { stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  const same = ["--sort=name", `--mtime=@${Number(stdout) || 0}`, "--owner=0", "--group=0", "--numeric-owner"];
  run("tar", [...same, "--hard-dereference", "--mode=u+rw,go-w", "-I", "gzip -n", "-cf", `${archive}.new`, name], out);
  renameSync(`${archive}.new`, archive);
  const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
  writeFileSync(`${archive}.sha256`, `${sum}  ${name}.tar.gz\n`);
  return archive;
}

async function makePackage({ out, installed, folder }) {
  await prepare();
  const to = join(out, name);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  copyProgram(to);
  if (installed) copyInstalled(to);
  else installPackages(to);
  console.error(`${list(to)} files 文件`);
  console.log(folder ? to : pack(out));
  if (!folder) rmSync(to, { recursive: true, force: true });
}

const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(root, ".build.packages") },
    installed: { type: "boolean", default: false },
    folder: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await makePackage(values);
