// From a file's text to a checked configuration with its hash, or to a list of troubles with line, column and remedy.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { ValidateFunction } from "ajv";
import type { Site } from "../edge/model/site.js";
import { checkSite } from "./check.js";
import { checkHub, type HubConfig, hubSchema } from "./hub.js";
import { siteSchema } from "./schema/site.js";
import { shapeFindings, shapeOf } from "./shape.js";
import { fileBytesMax, readSource } from "./source.js";
import { errorTexts } from "./texts.js";
import type { ConfigTrouble, Finding } from "./trouble.js";

/** More troubles than this are not listed; the first ones are usually the cause of the rest. */
export const troublesMax = 50;

export interface Refused {
  readonly ok: false;
  readonly troubles: readonly ConfigTrouble[];
}
/** `hash` is SHA-256 (hex) over the canonical form: equal content, equal hash, whatever the layout of the file. */
export interface LoadedSite {
  readonly ok: true;
  readonly site: Site;
  readonly hash: string;
  readonly warnings: readonly ConfigTrouble[];
}
export interface LoadedHub {
  readonly ok: true;
  readonly hub: HubConfig;
  readonly hash: string;
}

/** Reads a file of at most 1 MiB; else `config.unreadable`. */
export function readConfigFile(path: string): { readonly ok: true; readonly text: string } | Refused {
  try {
    if (statSync(path).size <= fileBytesMax) return { ok: true, text: readFileSync(path, "utf8") };
    return unreadable(path, `more than ${fileBytesMax} bytes`);
  } catch (error) {
    return unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(place: string, detail: string): Refused {
  const { message, remedy } = errorTexts["config.unreadable"];
  const trouble = { code: "config.unreadable", place, detail, line: 1, column: 1, path: "", message, remedy } as const;
  return { ok: false, troubles: [trouble] };
}

/** Syntax, schema, references, safety rules and timing proof of a site's YAML text. Never throws. */
export function loadSite(text: string, fileName: string): LoadedSite | Refused {
  const checked = check<Site>(text, fileName, siteShape, checkSite);
  return checked.ok ? { ok: true, site: checked.value, hash: checked.hash, warnings: checked.warnings } : checked;
}

/** The same for a hub's YAML text. */
export function loadHub(text: string, fileName: string): LoadedHub | Refused {
  const checked = check<HubConfig>(text, fileName, hubShape, checkHub);
  return checked.ok ? { ok: true, hub: checked.value, hash: checked.hash } : checked;
}

const siteShape = shapeOf(siteSchema);
const hubShape = shapeOf(hubSchema);

interface Checked<T> {
  readonly ok: true;
  readonly value: T;
  readonly hash: string;
  readonly warnings: readonly ConfigTrouble[];
}

function check<T>(
  text: string,
  fileName: string,
  shape: () => ValidateFunction,
  rules: (value: T) => readonly Finding[],
): Checked<T> | Refused {
  const read = readSource(text, fileName);
  if (!read.ok) return read;
  const { source } = read;
  const misshapen = shapeFindings(shape(), source.value);
  // The shape is proved equal to T where it is declared, so from here on the value is a T.
  const findings = misshapen.length > 0 ? misshapen : rules(source.value as T);
  const refusals = findings.filter((finding) => finding.warning === undefined);
  if (refusals.length > 0) return { ok: false, troubles: refusals.slice(0, troublesMax).map(source.trouble) };
  const hash = createHash("sha256").update(canonical(source.value)).digest("hex");
  return { ok: true, value: source.value as T, hash, warnings: findings.slice(0, troublesMax).map(source.trouble) };
}

/** JSON with sorted keys and no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}
