// Where the built files of this checkout lie: workers and children start from .build, also when a test runs the sources.
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Address of the built form of a source file, for example `builtFile("edge/agent/recorder-worker.ts")`. */
export function builtFile(source: string): URL {
  const here = fileURLToPath(import.meta.url);
  const root = here.endsWith(".ts") ? new URL("../../.build/", import.meta.url) : new URL("../../", import.meta.url);
  return new URL(source.split(sep).join("/").replace(/\.ts$/, ".js"), root);
}
