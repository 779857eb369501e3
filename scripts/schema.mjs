// Writes the published JSON schemas into config/; needs a build. `node scripts/build.mjs && node scripts/schema.mjs`
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { jsonSchema } from "../.build/config/schema/published.js";

const folder = fileURLToPath(new URL("../config/", import.meta.url));
for (const [name, schema] of Object.entries(jsonSchema())) {
  writeFileSync(`${folder}${name}`, `${JSON.stringify(schema, null, 2)}\n`);
  execFileSync("npx", ["biome", "format", "--write", `${folder}${name}`], { stdio: "ignore" });
}
