// Tuning a vibration fibre at a real box on loopback: its trace, recordings, suggestion, comparison, and who may.
import { readdirSync, writeFileSync } from "node:fs";
import { join as pathOf } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RecordingHead } from "../../edge/commissioning/vibration/recording.js";
import type {
  RecordingsView,
  SuggestionView,
  VibrationView,
  WhatIfView,
} from "../../edge/commissioning/vibration/views.js";
import { join, quietFor, readRecording } from "../../scripts/recordings/signals.js";
import { portcullis, portcullisIn } from "../support/command-line.js";
import { until } from "../support/until.js";
import { addPeople, type Fibre, fibreZone, pins, playFibre, startFibreBox } from "./fibre-box.js";
import type { SmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let fibre: Fibre;
const base = `/api/v1/zones/${fibreZone}/vibration`;

beforeAll(async () => {
  box = await startFibreBox();
  fibre = await playFibre(box);
  addPeople(box.dataDir);
});
afterAll(async () => {
  await fibre?.close();
  await box?.close();
});

async function ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Readonly<Record<string, string>> = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(box.url + path, { method, headers: { ...type, ...headers }, ...sent });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
  return { status: answer.status, text, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

async function bearer(name: keyof typeof pins): Promise<Readonly<Record<string, string>>> {
  const { body } = await ask("POST", "/api/v1/sessions", { name, pin: pins[name] });
  return { authorization: `Bearer ${body["token"]}` };
}

const view = async (query = "") => (await ask("GET", base + query)).body as unknown as VibrationView;
const list = async () => (await ask("GET", `${base}/recordings`)).body as unknown as RecordingsView;

/** Records while the fibre says this. */
async function record(label: string, signal: readonly number[], more: object = {}): Promise<RecordingHead> {
  const tech = await bearer("tech");
  expect((await ask("POST", `${base}/recordings`, { label, seconds: 300, ...more }, tech)).status).toBe(201);
  await fibre.send(signal);
  const stopped = await ask("POST", `${base}/recordings/stop`, undefined, tech);
  expect(stopped.status).toBe(200);
  return stopped.body as unknown as RecordingHead;
}

describe("before anything was heard", () => {
  it("there is no trace and nothing to record", async () => {
    expect((await view()).blocks).toEqual([]);
    const wish = { label: "quiet", seconds: 30 };
    expect(await ask("POST", `${base}/recordings`, wish, await bearer("tech"))).toMatchObject({
      status: 409,
      body: { code: "recording.silent", remedy: { zh: expect.any(String) } },
    });
  });
});

describe("the trace", () => {
  it("shows level, baseline and threshold of each block, and what is new since the last", async () => {
    await fibre.send(quietFor(20));
    const all = await until("the blocks are heard", async () => {
      const seen = await view();
      return seen.blocks.length >= 80 && seen;
    });
    const last = all.blocks.at(-1);
    expect(last).toMatchObject({ isLearning: false, verdict: "below-threshold", alarm: null, counted: 0 });
    expect((last?.threshold ?? 0) / (last?.baseline ?? 1)).toBeCloseTo(4, 0);
    const since = all.blocks.at(-3)?.at;
    const { blocks } = await view(`?since=${since}`);
    // The fibre may have said more meanwhile.
    expect(blocks.slice(0, 2).map(({ at }) => at)).toEqual(all.blocks.slice(-2).map(({ at }) => at));
  });

  it("comes live to whoever looks at that zone", async () => {
    const answer = await fetch(`${box.url}/api/v1/live?vibration=${fibreZone}`);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.includes("event: vibration") && text.includes("event: status")) break;
    }
    expect(text).toContain('"threshold"');
    expect(text).not.toContain("event: points");
  });

  it.each([
    ["/api/v1/zones/fence-1/vibration", 404],
    ["/api/v1/zones/moat/vibration", 404],
    ["/api/v1/zones/..%2f..%2fkeys/vibration/recordings/x", 404],
    [`${base}?since=yesterday`, 400],
    ["/api/v1/live?vibration=moat", 404],
  ])("is refused where there is none: %s", async (path, status) => {
    expect((await ask("GET", path)).status).toBe(status);
  });
});

describe("recordings", () => {
  it("hold what the detector was given: a replay gives the alarms that stand in the journal", async () => {
    await record("quiet", quietFor(40));
    // Quiet at the end, so that no alarm hangs on the very last block.
    const blows = join(readRecording("mac_far_new_sd_b16"), quietFor(4));
    const head = await record("tap", blows, { blows: 14, note: "north gate" });
    expect(head).toMatchObject({ zone: fibreZone, label: "tap", person: "tech", blows: 14, note: "north gate" });
    const compared = await ask("POST", `${base}/what-if`, { recording: head.id, settings: { threshold: 200 } });
    const { before, after } = compared.body as unknown as WhatIfView;
    expect(before.alarms.length).toBeGreaterThan(0);
    expect(after).toMatchObject({ alarms: [], settings: { threshold: 200, eventCount: 3 } });
    const out = await until("the journal has them", async () => {
      const exported = await portcullis("journal", "export", box.dataDir);
      return exported.out.includes("recording.made") && exported.out.includes("zone.breached") && exported.out;
    });
    const breached = out
      .split("\n")
      .filter((line) => line.includes('"zone.breached"'))
      .map((line) => JSON.parse(line).data.detection.occurredAt.mono as number);
    expect(before.alarms.map(({ occurredAt }) => occurredAt)).toEqual(breached);
  });

  it("are listed, downloaded and deleted by whoever may tune, and by nobody else", async () => {
    const made = await record("wind", quietFor(6));
    expect((await list()).recordings.map(({ id }) => id)).toContain(made.id);
    const path = `${base}/recordings/${made.id}`;
    const { text } = await ask("GET", path);
    expect(text.split("\n").filter((line) => line !== "")).toHaveLength(made.blocks + 1);
    expect((await ask("DELETE", path)).status).toBe(401);
    expect(await ask("DELETE", path, undefined, await bearer("wang"))).toMatchObject({
      status: 403,
      body: { code: "api.forbidden" },
    });
    const tech = await bearer("tech");
    expect((await ask("DELETE", path, undefined, tech)).status).toBe(204);
    expect((await ask("DELETE", path, undefined, tech)).status).toBe(404);
    expect((await list()).recordings.map(({ id }) => id)).not.toContain(made.id);
  });

  it("among rubbish are still listed; what is damaged is told and can be deleted", async () => {
    const name = "20260101T000000Z-tap";
    writeFileSync(pathOf(box.dataDir, "recordings", fibreZone, `${name}.jsonl`), "{}\nrubbish");
    expect((await list()).recordings.find(({ id }) => id === name)).toMatchObject({ head: null });
    const refused = await ask("POST", `${base}/what-if`, { recording: name, settings: {} });
    expect(refused).toMatchObject({ status: 409, body: { code: "recording.damaged" } });
    expect((await ask("DELETE", `${base}/recordings/${name}`, undefined, await bearer("tech"))).status).toBe(204);
    expect(readdirSync(pathOf(box.dataDir, "recordings", fibreZone))).not.toContain(`${name}.jsonl`);
  });

  it.each([
    [{ label: "moat", seconds: 30 }],
    [{ label: "tap", seconds: 100_000 }],
    [{ label: "tap", seconds: 30, blows: 0 }],
    [{ label: "tap", seconds: 30, note: "x".repeat(1_000) }],
    [{ label: "tap", seconds: 30, more: 1 }],
    [[]],
  ])("are refused with a wish that is none: %j", async (wish) => {
    expect(await ask("POST", `${base}/recordings`, wish, await bearer("tech"))).toMatchObject({
      status: 400,
      body: { code: "api.invalid-body" },
    });
  });
});

describe("a suggestion", () => {
  it("rests on the recordings and is proved on each", async () => {
    const { body } = await ask("GET", `${base}/suggestion`);
    const { recordings, reasons, present } = body as unknown as SuggestionView;
    expect(recordings.length).toBeGreaterThanOrEqual(2);
    expect(present.threshold).toBe(4);
    // Blocks came faster than in life, so the rhythm of the blows is none; quiet and blows are told apart all the same.
    expect(reasons.length).toBeGreaterThan(0);
  });

  it("names what it misses", async () => {
    const tap = (await list()).recordings.find(({ head }) => head?.label === "tap")?.id;
    const { body } = await ask("GET", `${base}/suggestion?recordings=${tap}`);
    expect(body).toMatchObject({ ok: false, changes: [], reasons: [{ code: "quiet-missing" }] });
    expect((await ask("GET", `${base}/suggestion?recordings=20260101T000000Z-tap`)).status).toBe(404);
  });
});

describe("other settings", () => {
  it.each([{ threshold: 0 }, { moat: 1 }, { eventCount: 2.5 }, { threshold: "4" }])(
    "are refused out of their range: %j",
    async (settings) => {
      const [first] = (await list()).recordings;
      expect(await ask("POST", `${base}/what-if`, { recording: first?.id, settings })).toMatchObject({
        status: 400,
        body: { code: "api.invalid-body" },
      });
    },
  );
});

describe("the command line", () => {
  const run = (...args: readonly string[]) =>
    portcullis("commission", "vibration", ...args, "--url", box.url, "--language", "en");

  it("prints the trace, the recordings and a comparison", async () => {
    expect((await run("trace", fibreZone)).out).toMatch(/^\d+\.\d+ {2}[\d.]+ {2}x[\d.]+ {2}> x[\d.]+ {2}\d\/3/m);
    expect((await run("recordings", fibreZone)).out).toMatch(/-tap {2}Taps {2}.* {2}14 blows {2}tech {2}north gate$/m);
    const tap = (await list()).recordings.find(({ head }) => head?.label === "tap")?.id ?? "";
    const { code, out } = await run("whatif", fibreZone, "--recording", tap, "--set", "threshold=200");
    expect(code).toBe(0);
    expect(out).toMatch(/^before: \d+ events, [1-9]\d* alarms$/m);
    expect(out).toMatch(/^after: \d+ events, 0 alarms$/m);
  });

  it("ends with 1 and says why when the recordings allow no suggestion", async () => {
    const tap = (await list()).recordings.find(({ head }) => head?.label === "tap")?.id ?? "";
    const { code, out } = await run("suggest", fibreZone, "--recordings", tap);
    expect(code).toBe(1);
    expect(out).toContain("Too little quiet");
  });

  it("records in somebody's name", async () => {
    const told = portcullisIn(
      { ...process.env, PORTCULLIS_PIN: pins.tech },
      ...[
        "commission",
        "vibration",
        "record",
        fibreZone,
        "--label",
        "wind",
        "--name",
        "tech",
        "--url",
        box.url,
        "--json",
      ],
    );
    await until("it runs", async () => (await list()).running?.person === "tech");
    await fibre.send(quietFor(6));
    expect((await ask("POST", `${base}/recordings/stop`, undefined, await bearer("tech"))).status).toBe(200);
    const { code, out } = await told;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ head: { label: "wind", person: "tech" } });
  });
});
