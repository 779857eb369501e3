// Checks a value against a schema and says each mismatch in words: what stands there, what is allowed, what was probably meant.
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Text } from "../edge/model/text.js";
import { didYouMean, type Finding, type Path, shown } from "./trouble.js";

/**
 * A check that is compiled when it is first asked for: that costs half a second, and most programs need none or one.
 * `allErrors`, so that a person mends a file in one go.
 */
export function shapeOf(schema: object): () => ValidateFunction {
  let compiled: ValidateFunction | undefined;
  return () => {
    compiled ??= new Ajv({ allErrors: true, discriminator: true, verbose: true, strict: true }).compile(schema);
    return compiled;
  };
}

/** Empty when `value` has the form that `check` was compiled for. */
export function shapeFindings(check: ValidateFunction, value: unknown): readonly Finding[] {
  if (check(value)) return [];
  const errors = (check.errors ?? []).filter((error) => !insideAlternative(error));
  const findings = errors.map((error) => ({ error, path: pathOf(error, value) }));
  const misspelt = new Set(findings.flatMap(({ error, path }) => meantKey(error, path)));
  return findings
    .filter(({ error, path }) => !(error.keyword === "required" && misspelt.has(`${path.join("/")}/${missing(error)}`)))
    .map(({ error, path }) => ({ path, ...at(error), ...words(error, path) }));
}

/** Only a choice between plain values uses anyOf; its own error says enough. */
function insideAlternative(error: ErrorObject): boolean {
  return /\/anyOf\/\d+\//.test(error.schemaPath);
}

function pathOf(error: ErrorObject, value: unknown): Path {
  let here = value;
  const parts = error.instancePath.split("/").slice(1);
  const path: (string | number)[] = [];
  for (const raw of parts) {
    const part = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(here) ? Number(part) : part);
    here = (here as Record<string, unknown>)[part];
  }
  const last = unknownKey(error) ?? unknownKind(error);
  return last === null ? path : [...path, last];
}

const unknownKey = (error: ErrorObject): string | null =>
  error.keyword === "additionalProperties" ? String(error.params["additionalProperty"]) : null;
const unknownKind = (error: ErrorObject): string | null =>
  error.keyword === "discriminator" && error.params["error"] === "mapping" ? String(error.params["tag"]) : null;
const missing = (error: ErrorObject): string => String(error.params["missingProperty"]);
const at = (error: ErrorObject): { at?: "key" } => (unknownKey(error) === null ? {} : { at: "key" });
const allowedKeys = (error: ErrorObject): string[] =>
  Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});

/** Path of the key that an unknown key most probably stands for. */
function meantKey(error: ErrorObject, path: Path): string[] {
  const key = unknownKey(error);
  const meant = key === null ? null : didYouMean(key, allowedKeys(error));
  return meant === null ? [] : [[...path.slice(0, -1), meant].join("/")];
}

type Words = Pick<Finding, "message" | "remedy">;

/** Settings that stand for a safety rule, and what the rule says. */
const safetyRules: Readonly<Record<string, Text>> = {
  releaseWired: {
    zh: "逃生通道的门锁必须由火灾报警主机直接接线释放，软件不能代替（规则 8）。请完成接线后写 releaseWired: true。",
    en: "Locks on escape routes must be released by the fire panel's own wiring; software cannot stand in for it (rule 8). Wire it, then write releaseWired: true.",
  },
  releaseInside: {
    zh: "通道内必须设有释放装置，困在其中的人能自行离开（规则 8）。请安装后写 releaseInside: true。",
    en: "A release must stand inside the passage, so that nobody is trapped (rule 8). Fit it, then write releaseInside: true.",
  },
  onFire: {
    zh: "每个阻车设施必须声明火警时的动作：open（开启）或 hold（保持）（规则 8）。",
    en: "Each barrier must declare what it does on fire: open or hold (rule 8).",
  },
};

/** The setting's name; of an entry in a list the list's. */
function nameAt(path: Path): string {
  return path.findLast((part) => typeof part === "string") ?? "the file";
}

function words(error: ErrorObject, path: Path): Words & Pick<Finding, "code"> {
  if (error.keyword === "additionalProperties") return { code: "config.schema", ...unknownWords(error) };
  const name = error.keyword === "required" ? missing(error) : nameAt(path);
  const { message, remedy } = mismatchWords(error, name);
  const rule = Object.hasOwn(safetyRules, name) ? safetyRules[name] : undefined;
  return rule === undefined
    ? { code: "config.schema", message, remedy }
    : { code: "config.safety", message, remedy: rule };
}

function unknownWords(error: ErrorObject): Words {
  const key = unknownKey(error) ?? "";
  const keys = allowedKeys(error);
  const meant = didYouMean(key, keys);
  const list = keys.join(", ");
  if (meant === null) {
    return {
      message: { zh: `没有名为 ${shown(key)} 的配置项。`, en: `There is no setting ${shown(key)}.` },
      remedy: { zh: `删除它；此处允许：${list}。`, en: `Remove it; allowed here: ${list}.` },
    };
  }
  const unit = unitOf(meant);
  return {
    message: {
      zh: `没有名为 ${shown(key)} 的配置项；是否为 ${meant}${unit.zh}？`,
      en: `There is no setting ${shown(key)}; did you mean ${meant}${unit.en}?`,
    },
    remedy: {
      zh: `改为 ${meant}${unit.zh}；此处允许：${list}。`,
      en: `Write ${meant}${unit.en}; allowed here: ${list}.`,
    },
  };
}

function unitOf(name: string): Text {
  if (name.endsWith("Ms")) return { zh: "（毫秒）", en: " (milliseconds)" };
  if (name.endsWith("Ohms")) return { zh: "（欧姆）", en: " (ohms)" };
  if (name.endsWith("Days")) return { zh: "（天）", en: " (days)" };
  return { zh: "", en: "" };
}

function mismatchWords(error: ErrorObject, name: string): Words {
  const unit = unitOf(name);
  if (error.keyword === "required") {
    return {
      message: { zh: `缺少 ${name}${unit.zh}。`, en: `${name}${unit.en} is missing.` },
      remedy: { zh: `请补充 ${name}${unit.zh}。`, en: `Add ${name}${unit.en}.` },
    };
  }
  const allowed = allowedBy(error);
  if (error.keyword === "discriminator" && error.params["tagValue"] === undefined) {
    return {
      message: { zh: "缺少 kind。", en: "kind is missing." },
      remedy: { zh: `请补充 kind：${allowed.zh}。`, en: `Add kind: ${allowed.en}.` },
    };
  }
  const hint = (error.parentSchema as { description?: string } | undefined)?.description;
  const meant = meantMs(error, name);
  return {
    message: {
      zh: `${seen(error, name)}；允许：${allowed.zh}${unit.zh}。`,
      en: `Found ${seen(error, name)}; allowed: ${allowed.en}${unit.en}.`,
    },
    remedy: {
      zh: `请写：${allowed.zh}${unit.zh}。${meant.zh}`,
      en: `Write ${allowed.en}${unit.en}.${meant.en}${hint === undefined ? "" : ` ${hint}`}`,
    },
  };
}

const msOf: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** What a time in seconds or with its unit most probably stands for. */
function meantMs(error: ErrorObject, name: string): Text {
  if (error.keyword !== "type" || !name.endsWith("Ms")) return same("");
  if (typeof error.data === "number") {
    const ms = Math.round(error.data * 1000);
    return { zh: `${error.data} 秒应写 ${ms}。`, en: ` ${error.data} s is ${ms}.` };
  }
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min)?$/.exec(String(error.data)) ?? [];
  if (amount === undefined) return same("");
  const ms = Math.round(Number(amount) * (msOf[unit ?? "ms"] ?? 1));
  return { zh: `不带单位和引号：${ms}。`, en: ` Without quotes and without a unit: ${ms}.` };
}

function seen(error: ErrorObject, name: string): string {
  if (error.keyword === "discriminator") return `${error.params["tag"]} = ${shown(error.params["tagValue"])}`;
  return `${name} = ${/password|secret|token|key$/i.test(name) ? "***" : shown(error.data)}`;
}

function same(both: string): Text {
  return { zh: both, en: both };
}

const typeNames: Readonly<Record<string, Text>> = {
  integer: { zh: "整数", en: "a whole number" },
  number: { zh: "数字", en: "a number" },
  string: { zh: "文字（必要时加引号）", en: "text (quote it if needed)" },
  boolean: same("true | false"),
  object: { zh: "一组配置项", en: "a set of settings" },
  array: { zh: "列表", en: "a list" },
};

function allowedBy(error: ErrorObject): Text {
  const limit = String(error.params["limit"] ?? "");
  switch (error.keyword) {
    case "type":
      return typeNames[String(error.params["type"])] ?? same(String(error.params["type"]));
    case "enum":
      return same((error.params["allowedValues"] as unknown[]).map(String).join(" | "));
    case "const":
      return same(JSON.stringify(error.params["allowedValue"]));
    case "minimum":
    case "maximum":
      return range(error);
    case "pattern":
      return { zh: `符合 ${error.params["pattern"]} 的文字`, en: `text of the form ${error.params["pattern"]}` };
    case "minItems":
      return { zh: `至少 ${limit} 项`, en: `at least ${limit} entries` };
    case "maxItems":
      return { zh: `至多 ${limit} 项`, en: `at most ${limit} entries` };
    case "minLength":
      return { zh: `至少 ${limit} 个字符`, en: `at least ${limit} characters` };
    case "maxLength":
      return { zh: `至多 ${limit} 个字符`, en: `at most ${limit} characters` };
    case "uniqueItems":
      return { zh: "互不相同的项", en: "entries that differ" };
    case "minProperties":
    case "maxProperties":
      return {
        zh: `恰好一项：${allowedKeys(error).join(" | ")}`,
        en: `exactly one of ${allowedKeys(error).join(" | ")}`,
      };
    case "discriminator":
      return same(kinds(error).join(" | "));
    default:
      return { zh: "符合规定的值", en: "a value of the required form" };
  }
}

function range(error: ErrorObject): Text {
  const { minimum, maximum } = error.parentSchema as { minimum?: number; maximum?: number };
  return { zh: `${minimum} 至 ${maximum}`, en: `${minimum} to ${maximum}` };
}

function kinds(error: ErrorObject): string[] {
  const { oneOf } = error.parentSchema as { oneOf?: { properties?: { kind?: { const?: string; enum?: string[] } } }[] };
  return (oneOf ?? []).flatMap(({ properties }) => properties?.kind?.const ?? properties?.kind?.enum ?? []);
}
