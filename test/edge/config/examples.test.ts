// The example sites and the published schemas as they are shipped.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type LoadedSite, loadHub, loadSite, readConfigFile } from "../../../config/load.js";
import { proofOf, proofTable, reportJson, reportText } from "../../../config/report.js";
import { jsonSchema } from "../../../config/schema/published.js";
import { checkSimulation } from "../../../simulators/settings.js";

const folder = new URL("../../../config/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

function load(name: string): LoadedSite {
  const result = loadSite(read(name), name);
  if (!result.ok) throw new Error(reportText(result, "en"));
  return result;
}

describe.each(["office.yaml", "school.yaml", "port.yaml"])("example site %s", (name) => {
  it("is accepted, warned of bare contacts only, and every step ends in time with room for a retry", () => {
    const result = load(name);
    expect(result.warnings.filter(({ message }) => !message.en.includes("is a bare contact"))).toEqual([]);
    expect(proofOf(result.site).filter((row) => !row.ok || !row.retryFits)).toEqual([]);
  });

  it("has a plant behind it that the simulators accept", () => {
    expect(() => checkSimulation(load(name).site.simulation)).not.toThrow();
  });

  it("agrees with the published schema", () => {
    const check = new Ajv({ discriminator: true }).compile(JSON.parse(read("site.schema.json")) as object);
    expect(check(parse(read(name)))).toBe(true);
  });
});

describe("example sites", () => {
  it("answer the fence within 5 s and a lock-down within 30 s (A-31, A-33)", () => {
    const rows = ["office.yaml", "school.yaml", "port.yaml"].flatMap((name) => proofOf(load(name).site));
    const within = (id: string, step: string) =>
      rows.filter((row) => row.response === id && row.step === step).map((row) => row.withinMs);
    expect(Math.max(...within("perimeter-alarm", "siren"))).toBe(5000);
    expect(Math.max(...within("lock-down", "close"))).toBe(30_000);
  });

  it("prove the office's lock-down with the numbers that a person gets by hand", () => {
    const rows = proofOf(load("office.yaml").site).filter(
      (row) => row.response === "lock-down" && row.step === "close",
    );
    // panic 40 + 2 x 20 + filter 100, reaction 50, stagger 2 x 300, warning 3000, order 100 + 250, travel 7000, contact 150 + 150
    expect(rows.at(-1)?.terms.map((term) => term.ms)).toEqual([40, 40, 100, 50, 600, 3000, 350, 7000, 150, 150]);
    expect(rows.map((row) => [row.target, row.totalMs])).toEqual([
      ["bollard-1", 9880],
      ["bollard-2", 10_180],
      ["bollard-3", 11_480],
    ]);
  });

  it("are told apart by a hash of their content, not of their layout", () => {
    const plain = load("office.yaml");
    const relaid = loadSite(JSON.stringify(plain.site), "office.json");
    const grown = loadSite(read("office.yaml").replace("revision: 1", "revision: 2"), "office.yaml");
    expect(relaid.ok && relaid.hash).toBe(plain.hash);
    expect(grown.ok && grown.hash).not.toBe(plain.hash);
  });
});

describe("the hub of the demo", () => {
  it("is accepted and knows the box of every example site", () => {
    const result = loadHub(read("hub.yaml"), "hub.yaml");
    const listed = result.ok ? result.hub.sites.map(({ site, edges }) => [site, ...edges]) : [];
    const sites = ["office.yaml", "school.yaml", "port.yaml"].map((name) => load(name).site);
    expect(listed).toEqual(sites.map((site) => [site.site, ...site.edges.map((edge) => edge.id)]));
  });

  it("is refused when a plain port would be reachable from outside", () => {
    const result = loadHub(read("hub.yaml").replace("http: { host: 127.0.0.1", "http: { host: 0.0.0.0"), "hub.yaml");
    expect(result.ok ? [] : result.troubles.map(({ code, place }) => [code, place])).toEqual([
      ["config.safety", "hub.yaml:6:15 http.host"],
    ]);
  });
});

describe("a hub's configuration", () => {
  const changed = (from: string, to: string) => {
    const result = loadHub(read("hub.yaml").replace(from, to), "hub.yaml");
    return result.ok ? [] : result.troubles.map(({ code, path }) => [code, path]);
  };
  const http = "http: { host: 127.0.0.1, port: 8080 }";

  it.each([
    { what: "HTTPS beyond this machine", http: "http: { host: 0.0.0.0, port: 8080, tls: {} }", troubles: [] },
    {
      what: "a certificate of one's own",
      http: "http: { host: 0.0.0.0, port: 8080, tls: { cert: a.pem, key: a.key } }",
      troubles: [],
    },
    {
      what: "a certificate without key",
      http: "http: { host: 0.0.0.0, port: 8080, tls: { cert: a.pem } }",
      troubles: [["config.schema", "http.tls"]],
    },
    {
      what: "a proxy elsewhere than on this machine",
      http: "http: { host: 0.0.0.0, port: 8080, proxy: true }",
      troubles: [["config.safety", "http.host"]],
    },
  ])("with $what has $troubles", ({ http: to, troubles }) => {
    expect(changed(http, to)).toEqual(troubles);
  });

  it.each([
    { times: "[30, 60, 180]", troubles: [] },
    { times: "[]", troubles: [] },
    { times: "[30, 30]", troubles: [["config.schema", "alarms.escalateAfterSeconds[1]"]] },
    { times: "[60, 30]", troubles: [["config.schema", "alarms.escalateAfterSeconds[1]"]] },
  ])("escalates at $times: $troubles", ({ times, troubles }) => {
    expect(changed(http, `${http}\nalarms: { escalateAfterSeconds: ${times} }`)).toEqual(troubles);
  });

  it.each([
    { port: "pages", from: http, to: "http: { host: 192.0.2.1, port: 8080 }", remedy: "tls: {}" },
    {
      port: "an existing broker",
      from: http,
      to: `${http}\nexistingBroker: { url: "mqtt://192.0.2.1" }`,
      remedy: "mqtts://",
    },
    {
      port: "a webhook",
      from: "outlets:\n",
      to: 'outlets:\n  webhooks: [{ name: ward, url: "http://192.0.2.1/x" }]\n',
      remedy: "https://",
    },
  ])("tells for $port in clear beyond this machine what helps there: $remedy", ({ from, to, remedy }) => {
    const result = loadHub(read("hub.yaml").replace(from, to), "hub.yaml");
    const [trouble] = result.ok ? [] : result.troubles;
    expect(trouble?.code).toBe("config.safety");
    for (const language of ["zh", "en"] as const) expect(trouble?.remedy[language]).toContain(remedy);
  });

  it.each(["mqtt", "opcua"])("gives no webhook the name of the fixed outlet %s", (name) => {
    const hooks = `webhooks: [{ name: ${name}, url: "https://h/x" }]`;
    expect(changed("outlets:\n", `outlets:\n  ${hooks}\n`)).toEqual([["config.duplicate", "outlets.webhooks[0].name"]]);
  });
});

describe("published schemas", () => {
  it("are what the sources say; `node scripts/build.mjs && node scripts/schema.mjs` writes them", () => {
    for (const [name, schema] of Object.entries(jsonSchema())) expect(JSON.parse(read(name))).toEqual(schema);
  });
});

describe("the report of a check", () => {
  it("shows the proof as an aligned table in either language, and as JSON for programs", () => {
    const loaded = load("office.yaml");
    const row = proofOf(loaded.site).slice(0, 1);
    expect(proofTable(row, "en").split("\n")).toEqual([
      "box        response/step          target        worst ms  within ms  spare ms  retry fits  deviation  made of",
      expect.stringMatching(/^gatehouse {2}perimeter-alarm\/siren {2}siren-strobe {7}450 {7}5000 {6}4550 {2}yes {9}/),
    ]);
    expect(proofTable(row, "zh")).toContain("主机反应 50");
    expect(reportText(loaded, "zh")).toContain("均能按时完成");
    expect(JSON.parse(reportJson(loaded))).toMatchObject({ ok: true, hash: loaded.hash, troubles: [] });
  });

  it("shows place, code and remedy of a refusal", () => {
    const refused = loadSite("site: a", "bad.yaml");
    expect(reportText(refused, "en")).toContain("bad.yaml:1:1: config.schema: name is missing.\n  -> Add name.");
    expect(JSON.parse(reportJson(refused))).toMatchObject({ ok: false, troubles: expect.any(Array) });
  });
});

describe("reading a file", () => {
  it("says which file is not there or too large", () => {
    const absent = readConfigFile("/nonexistent/site.yaml");
    expect(absent.ok ? "" : absent.troubles[0]?.code).toBe("config.unreadable");
    const large = loadSite(`# ${"x".repeat(1_048_576)}`, "large.yaml");
    expect(large.ok ? "" : large.troubles[0]?.code).toBe("config.unreadable");
  });
});
