import { describe, expect, it } from "vitest";
import { type BoxStatus, healthOf, stalledAfterMs } from "../../edge/commissioning/status.js";
import { initialDurable } from "../../edge/incident/durable.js";
import { exampleSite } from "../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");

const well: BoxStatus = {
  site: "demo-office",
  edge: config.id,
  revision: 1,
  now: { boot: "b", mono: 1, wall: 1, clock: "holdover" },
  ready: true,
  drivers: { io: { connected: true, dataAgeMs: 1, reconnects: 0, errors: 0, lastError: "" } },
  hubConnected: true,
  journal: { volatile: false, space: "all", refused: 0, backlog: {} },
  vitals: {},
  availability: 1,
  faults: 0,
  budgetBreaches: 0,
  durable: initialDurable(config),
};
const lost = { connected: false, dataAgeMs: null, reconnects: 1, errors: 0, lastError: "cut" };

describe("health of the box", () => {
  it.each([
    ["is ok when all is well", well, 0, "ok", []],
    [
      "is degraded, and still guards, without its hub",
      { ...well, hubConnected: false },
      0,
      "degraded",
      ["hub not connected"],
    ],
    ["names a driver that is away", { ...well, drivers: { io: lost } }, 0, "degraded", ["driver io not connected"]],
    ["says that the journal does not answer", { ...well, journal: null }, 0, "degraded", ["journal does not answer"]],
    [
      "is starting until inputs are read and outputs known",
      { ...well, ready: false },
      0,
      "starting",
      ["inputs not read yet"],
    ],
    ["is stalled when the controller has not spoken", well, stalledAfterMs + 1, "stalled", ["controller"]],
    ["is starting before the controller has spoken at all", null, 0, "starting", ["controller"]],
  ] as const)("%s", (...[, status, ageMs, expected, reasons]) => {
    expect(healthOf(status, ageMs)).toEqual({ status: expected, reasons });
  });

  it("tells a full disk", () => {
    const full = { volatile: false, space: "alarms-only", refused: 3, backlog: {} } as const;
    expect(healthOf({ ...well, journal: full }, 0).reasons).toEqual([
      "disk is nearly full: the journal takes alarms first",
    ]);
  });
});
