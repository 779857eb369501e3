// A new configuration is taken in one piece or not at all (rule 12): the transaction, with its ports played by hand.
import { expect, it } from "vitest";
import type { CheckedNext } from "../../../edge/agent/next-settings.js";
import { watchSettings } from "../../../edge/agent/reload.js";
import type { Settings } from "../../../edge/agent/settings.js";
import type { Trouble } from "../../../edge/model/error.js";
import type { Outcome } from "../../../edge/model/revision.js";
import { manualMachine } from "../../support/journal.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");
const present: Settings = { site: "demo-office", config, revision: 1, hash: "h1", text: "", refused: null };
const next: Settings = { ...present, revision: 2, hash: "h2", config: { ...config, settleMs: 6000 } };
const trouble: Trouble = { code: "config.timing", place: "site.next.yaml:1:1", detail: "too slow" };

interface Faults {
  readonly check?: () => Promise<CheckedNext>;
  readonly prepare?: () => void;
  readonly store?: () => void;
  readonly answer?: () => void;
}

function setUp(faults: Faults = {}) {
  const machine = manualMachine();
  const log: string[] = [];
  const outcomes: Outcome[] = [];
  let waiting: string | null = null;
  let inForce = present;
  const end = watchSettings({
    ...machine,
    folder: {
      waiting: () => waiting,
      check: faults.check ?? (async () => ({ ok: true, settings: next, text: "revision: 2" })),
      async store(text) {
        faults.store?.();
        log.push(`stored ${text}`);
      },
      async answer(outcome) {
        faults.answer?.();
        outcomes.push(outcome);
        waiting = null;
      },
    },
    present: () => inForce,
    drivers: {
      prepare() {
        faults.prepare?.();
        log.push("drivers prepared");
        return async () => {
          log.push("drivers switched");
          await Promise.resolve();
          log.push("drivers open");
        };
      },
    },
    switchTo(settings) {
      inForce = settings;
      log.push(`controller on ${settings.revision}`);
    },
    refused: (troubles) => log.push(`refused ${troubles[0]?.code}`),
    failed: (error) => log.push(`failed ${String(error)}`),
  });
  async function pass(seconds: number) {
    for (let second = 0; second < seconds; second += 1) {
      machine.advance(1000);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    }
  }
  const offer = (mark: string) => {
    waiting = mark;
  };
  return { log, outcomes, pass, offer, end, inForce: () => inForce };
}

it("stores the new configuration before the controller switches, and opens its drivers afterwards", async () => {
  const { log, outcomes, pass, offer, inForce } = setUp();
  await pass(3);
  expect(log).toEqual([]);
  offer("a");
  await pass(1);
  expect(log).toEqual([
    "drivers prepared",
    "stored revision: 2",
    "drivers switched",
    "controller on 2",
    "drivers open",
  ]);
  expect(outcomes).toEqual([{ ok: true, revision: 2, hash: "h2", troubles: [], afterRestart: [] }]);
  expect(inForce()).toBe(next);
});

it.each<[string, Faults, string]>([
  ["fails its checks", { check: async () => ({ ok: false, troubles: [trouble] }) }, "config.timing"],
  ["cannot be checked", { check: () => Promise.reject(new Error("worker ended")) }, "config.unreadable"],
  ["names a driver that cannot be made", { prepare: fail }, "config.unreadable"],
  ["cannot be stored", { store: fail }, "config.unreadable"],
])("goes on with the old one when the new one %s", async (_name, faults, code) => {
  const { log, outcomes, pass, offer, inForce } = setUp(faults);
  offer("a");
  await pass(1);
  expect(inForce()).toBe(present);
  expect(log.filter((line) => /switched|controller|stored/.test(line))).toEqual([]);
  expect(log).toContain(`refused ${code}`);
  expect(outcomes).toMatchObject([{ ok: false, revision: 1, hash: "h1", troubles: [{ code }] }]);
});

function fail(): void {
  throw new Error("no space left");
}

it("handles a file once, also when it cannot answer, and the next one afterwards", async () => {
  const { log, pass, offer } = setUp({ answer: fail });
  offer("a");
  await pass(5);
  expect(log.filter((line) => line.startsWith("controller"))).toHaveLength(1);
  expect(log.filter((line) => line.startsWith("failed"))).toHaveLength(1);
  offer("b");
  await pass(1);
  expect(log.filter((line) => line.startsWith("failed"))).toHaveLength(2);
});

it("says which settings wait for a restart", async () => {
  const moved = { ...next, config: { ...next.config, http: { host: "127.0.0.1", port: 1 } } };
  const { outcomes, pass, offer } = setUp({ check: async () => ({ ok: true, settings: moved, text: "" }) });
  offer("a");
  await pass(1);
  expect(outcomes[0]?.afterRestart).toEqual(["http"]);
});

it("looks no more after its end", async () => {
  const { log, pass, offer, end } = setUp();
  end();
  offer("a");
  await pass(3);
  expect(log).toEqual([]);
});
