// The import table of the design as data: who may know whom, and the limits of form that the linter does not check.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const sourceFolders = ["edge", "hub", "config", "simulators"];

interface Rule {
  /** Files that the rule speaks of; the first rule that matches a file counts. */
  readonly files: RegExp;
  /** Project files that they may import. */
  readonly may: RegExp;
  readonly packages: readonly string[];
  readonly node: boolean;
  readonly reason: string;
}

const field = ["aedes", "firmata-io", "johnny-five", "koffi", "mqtt", "node-opcua", "onoff", "serialport"];
const edgeBase = "edge/(model|machine|record)";
const rules: readonly Rule[] = [
  {
    files: /^edge\/model\//,
    may: /^edge\/model\//,
    packages: [],
    node: false,
    reason: "the words of the domain import nothing",
  },
  ...["detection", "incident", "response"].map((stage) => ({
    files: new RegExp(`^edge/${stage}/`),
    may: new RegExp(`^edge/(model|${stage})/`),
    packages: [],
    node: false,
    reason: "the pure stages know only the model and their own folder",
  })),
  {
    files: /^edge\/controller(\.ts$|\/)/,
    may: /^edge\/(model|detection|incident|response|controller)\//,
    packages: [],
    node: false,
    reason: "the controller knows the pure stages and nothing that does I/O",
  },
  {
    files: /^edge\/(machine|record)\//,
    may: /^edge\/(model|machine|record)\//,
    // Only machine/kernel-time.ts: the kernel's word on the clock has no other way to Node.
    packages: ["koffi"],
    node: true,
    reason: "ports and records know only the model",
  },
  {
    files: /^edge\/field\/firmata\//,
    may: new RegExp(`^${edgeBase}/|^edge/field/firmata/`),
    packages: ["johnny-five", "firmata-io", "serialport"],
    node: true,
    reason: "johnny-five only in field/firmata",
  },
  {
    files: /^edge\/field\/gpio\//,
    may: new RegExp(`^${edgeBase}/|^edge/field/gpio/`),
    packages: ["koffi", "onoff"],
    node: true,
    reason: "one driver knows one library",
  },
  {
    files: /^edge\/field\/opcua\//,
    may: new RegExp(`^${edgeBase}/|^edge/field/opcua/`),
    packages: ["node-opcua"],
    node: true,
    reason: "one driver knows one library",
  },
  {
    files: /^edge\/field\/mqtt\//,
    may: new RegExp(`^${edgeBase}/|^edge/field/mqtt/|^edge/broker/`),
    packages: ["mqtt"],
    node: true,
    reason: "field/mqtt may use the broker in the box, and nothing else of its neighbours",
  },
  {
    files: /^edge\/broker\//,
    may: new RegExp(`^${edgeBase}/|^edge/broker/`),
    packages: ["aedes", "mqtt-packet"],
    node: true,
    reason: "neighbours never import each other",
  },
  {
    files: /^edge\/journal\//,
    may: new RegExp(`^${edgeBase}/|^edge/journal/`),
    packages: [],
    node: true,
    reason: "neighbours never import each other",
  },
  {
    files: /^edge\/uplink\//,
    may: new RegExp(`^${edgeBase}/|^edge/uplink/`),
    packages: ["mqtt", "ajv"],
    node: true,
    reason: "neighbours never import each other",
  },
  {
    files: /^edge\/health\//,
    may: new RegExp(`^${edgeBase}/|^edge/health/`),
    packages: [],
    node: true,
    reason: "neighbours never import each other",
  },
  {
    files: /^edge\/commissioning\//,
    may: new RegExp(`^${edgeBase}/|^edge/page/|^edge/commissioning/|^edge/detection/|^config/`),
    packages: ["fastify", "lowdb", "prom-client", "typebox"],
    node: true,
    reason: "commissioning knows detection (what-if) and config (timing proof)",
  },
  {
    files: /^edge\/page\//,
    may: /^edge\/(page|model)\//,
    packages: [],
    node: false,
    reason: "what the pages of box and hub share runs in a browser",
  },
  {
    files: /^edge\/agent\//,
    may: /^(edge|config)\//,
    packages: ["pino", "lowdb"],
    node: true,
    reason: "the agent wires the box",
  },
  {
    files: /^hub\/control-room\/opcua\//,
    may: /^hub\/(control-room|alarm)\/|^edge\/(model|machine)\//,
    packages: ["node-opcua"],
    node: true,
    reason: "node-opcua only in the thread of the OPC UA outlet",
  },
  {
    files: /^hub\/start\.ts$/,
    may: /^(hub|config)\/|^edge\/(model|machine|record|broker)\//,
    packages: ["pino"],
    node: true,
    reason: "one file wires the hub",
  },
  {
    files: /^hub\//,
    may: /^hub\/|^edge\/(model|machine|record|broker|page)\/|^config\//,
    packages: [
      "fastify",
      "@fastify/static",
      "@fastify/rate-limit",
      "@fastify/swagger",
      "better-sqlite3",
      "kysely",
      "mqtt",
      "pino",
      "prom-client",
      "typebox",
      "zeromq",
    ],
    node: true,
    reason: "the hub knows the box only by its model, records, ports and broker",
  },
  {
    files: /^config\//,
    may: /^config\/|^edge\/model\//,
    packages: ["typebox", "ajv", "yaml", "@peculiar/x509", "reflect-metadata"],
    node: true,
    reason: "config knows the model only",
  },
  {
    files: /^simulators\/plant\//,
    may: /^simulators\/plant\//,
    packages: [],
    node: false,
    reason: "the plant is pure physics",
  },
  {
    files: /^simulators\//,
    may: /^simulators\//,
    packages: [...field, "yaml", "typebox", "ajv"],
    node: true,
    reason: "simulators speak only the protocols",
  },
];

/** Neighbours of the hub's inner rule: none of these may import another of them. */
const hubNeighbours = ["broker", "intake", "ledger", "alarm", "people", "control-room", "console"];

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith(".ts"));
}

const files = sourceFolders.flatMap(filesBelow);

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /^\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function breach(file: string, specifier: string): string | null {
  const rule = rules.find((candidate) => candidate.files.test(file));
  if (rule === undefined) return `${file}: no rule of the import table speaks of this folder`;
  if (specifier.startsWith(".")) {
    const target = normalize(join(dirname(file), specifier));
    const ownFolder = dirname(target) === dirname(file) && dirname(file) !== "edge";
    return rule.may.test(target) || ownFolder ? null : `${file} -> ${target}: ${rule.reason}`;
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    return rule.node ? null : `${file} -> ${specifier}: ${rule.reason}`;
  }
  return rule.packages.includes(packageOf(specifier)) ? null : `${file} -> ${specifier}: ${rule.reason}`;
}

describe("architecture", () => {
  it("lets every folder import only what the design's table allows", () => {
    const breaches = files.flatMap((file) => importsOf(file).map((specifier) => breach(file, specifier)));
    expect(breaches.filter((entry) => entry !== null)).toEqual([]);
  });

  it("keeps the hub's neighbours from importing each other's insides but for plain views and ports", () => {
    const breaches = files.flatMap((file) => {
      const own = /^hub\/([^/]+)\//.exec(file)?.[1];
      if (own === undefined || own === "console") return [];
      const targets = importsOf(file).filter((specifier) => specifier.startsWith("."));
      return targets
        .map((specifier) => normalize(join(dirname(file), specifier)))
        .filter((target) => hubNeighbours.some((name) => name !== own && target.startsWith(`hub/${name}/`)))
        .filter(
          (target) => !/^hub\/(console\/views|ledger\/ledger|alarm\/(acts|record)|broker\/rooms)\.js$/.test(target),
        )
        .map((target) => `${file} -> ${target}`);
    });
    expect(breaches).toEqual([]);
  });

  it("finds a breach when there is one", () => {
    expect(breach("edge/detection/beam.ts", "node:fs")).toContain("pure stages");
    expect(breach("edge/journal/log.ts", "../uplink/uplink.js")).toContain("neighbours");
    expect(breach("simulators/board.ts", "../edge/model/point.js")).toContain("protocols");
  });

  it("keeps source files at 300 lines or fewer", () => {
    const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 301);
    expect(long).toEqual([]);
  });

  it("opens every source file with a sentence on what is there", () => {
    expect(files.filter((file) => !readFileSync(join(root, file), "utf8").startsWith("// "))).toEqual([]);
  });

  it("names no clock, timer, process or chance in the pure folders", () => {
    const pure = files.filter((file) =>
      /^edge\/(model|detection|incident|response)\/|^edge\/controller|^simulators\/plant\//.test(file),
    );
    const named = pure.filter((file) =>
      /\b(Date\.now|new Date\(|performance\.|setTimeout|setInterval|Math\.random|process\.|async |await )/.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(named).toEqual([]);
  });

  it("hooks into a test file from no module that test files share, which runs once for many of them", () => {
    const shared = filesBelow("test").filter((file) => !/\.test\.ts$|^test\/support\/each-file\.ts$/.test(file));
    const hooking = shared.filter((file) =>
      /^(before|after)(Each|All)\(/m.test(readFileSync(join(root, file), "utf8")),
    );
    expect(hooking).toEqual([]);
  });

  it("has nothing at the top level but what was agreed", () => {
    const agreed =
      /^(edge|hub|config|simulators|test|scripts|package\.json|package-lock\.json|tsconfig\.json|README\.md|LICENSE|biome\.json|vitest\.config\.ts|node_modules|\..*)$/;
    expect(readdirSync(root).filter((name) => !agreed.test(name))).toEqual([]);
  });
});
