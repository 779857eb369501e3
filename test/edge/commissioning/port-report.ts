import type { HandoverReply } from "../../../edge/commissioning/questions/handover.js";
import { composeReport } from "../../../edge/commissioning/report/compose.js";
import type { TestResult } from "../../../edge/commissioning/tests-book.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { createRandom } from "../../../edge/machine/random.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { Stamp } from "../../../edge/model/time.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { exampleSite } from "../../support/virtual-site.js";

export const [config] = exampleSite("port").edges as [EdgeConfig];
export const now: Stamp = { boot: "b", mono: 1, wall: Date.UTC(2026, 10, 27, 4), clock: "synchronised" };
export const signer = signerOf(makeSigningKey(createRandom()));
export const keys = keyRingOf(signer.publicKey);

export function given(
  tests: readonly TestResult[] = [],
  durable: Partial<Durable> = {},
  part: Partial<HandoverReply> = {},
): HandoverReply {
  return {
    site: "port",
    version: "1.0.0",
    revision: 3,
    hash: "c".repeat(64),
    config,
    durable: { ...initialDurable(config), ...durable },
    book: { format: 1, inventory: [], travel: {}, walks: {}, walkTests: [], guidedTests: {}, tests },
    faults: { availability: 1, faults: [], workOrders: [] },
    trialAvailability: 0.999,
    now,
    ...part,
  };
}

export const test = (kind: string, target: string, part: Partial<TestResult> = {}): TestResult => {
  return {
    kind,
    target,
    by: "li",
    at: "2026-11-26T01:00:00.000Z",
    result: "passed",
    measuredMs: null,
    limitMs: null,
    hits: null,
    note: "",
    ...part,
  };
};

export const reportOf = (...args: Parameters<typeof given>) => composeReport(given(...args), [], "Asia/Shanghai");
export const zoneOf = (tests: readonly TestResult[], id: string) =>
  reportOf(tests).content.zones.find((zone) => zone.id === id);
export const barrierOf = (tests: readonly TestResult[], id: string) =>
  reportOf(tests).content.barriers.find((each) => each.id === id);
