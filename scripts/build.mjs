// Builds every source into .build (same tree, one file each) and the pages with their assets. Needs only esbuild.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const built = join(root, ".build");
// Built aside and put in place whole: a running box may need one of these files at any moment.
const out = join(root, ".build.new");
/** The simulation of whole sites is part of the tests and of the command line. */
const sourceFolders = ["edge", "hub", "config", "simulators", "scripts", "test/simulation", "test/support"];
const pages = ["hub/console/web", "edge/commissioning/web"];
/** What the pages have in common is bundled into each, its style sheet copied beside each. */
const sharedPage = "edge/page";

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Newest change below the sources in ms, so that an unchanged tree is not built again. */
export function newestSource() {
  const files = sourceFolders.flatMap(filesBelow);
  return Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
}

export async function build() {
  const { build: esbuild } = await import("esbuild");
  rmSync(out, { recursive: true, force: true });
  const isPage = (file) => [...pages, sharedPage].some((page) => file.startsWith(`${page}/`));
  const sources = sourceFolders.flatMap(filesBelow);
  const entryPoints = sources.filter((file) => /(?<!\.d|\.test)\.ts$/.test(file) && !isPage(file));
  const common = { absWorkingDir: root, outdir: out, outbase: root, sourcemap: true, logLevel: "warning" };
  await esbuild({ ...common, entryPoints, bundle: false, platform: "node", format: "esm", target: "node20" });
  const pageEntries = pages.map((page) => `${page}/main.ts`).filter((file) => existsSync(join(root, file)));
  if (pageEntries.length > 0) {
    await esbuild({
      ...common,
      entryPoints: pageEntries,
      bundle: true,
      platform: "browser",
      format: "esm",
      target: "es2022",
      minify: true,
    });
  }
  for (const file of sources.filter((name) => isPage(name) && /\.(html|css|svg|webmanifest)$/.test(name))) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    cpSync(join(root, file), join(out, file));
  }
  for (const page of pages.filter((each) => existsSync(join(out, each))))
    cpSync(join(root, sharedPage, "page.css"), join(out, page, "page.css"));
  const old = join(root, ".build.old");
  rmSync(old, { recursive: true, force: true });
  if (existsSync(built)) renameSync(built, old);
  renameSync(out, built);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
