import { describe, expect, it } from "vitest";
import { renderMetrics } from "../../edge/commissioning/metrics.js";
import { type BoxStatus, healthOf, type JournalHealth, stalledAfterMs } from "../../edge/commissioning/status.js";
import { initialDurable } from "../../edge/incident/durable.js";
import type { Durable } from "../../edge/model/durable.js";
import { exampleSite } from "../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");

const io = {
  connected: true,
  dataAgeMs: 1,
  reconnects: 2,
  errors: 3,
  lastError: "",
  sampleMs: { count: 3, p50: 4, p99: 9, max: 9.5 },
  writeMs: null,
};
const keeping: JournalHealth = {
  volatile: false,
  space: "all",
  refused: 0,
  backlog: {},
  oldestAgeMs: {},
  hoursLeft: {},
};
const well: BoxStatus = {
  site: "demo-office",
  edge: config.id,
  revision: 1,
  now: { boot: "b", mono: 1, wall: 1, clock: "holdover" },
  ready: true,
  drivers: { io },
  hubConnected: true,
  journal: keeping,
  vitals: {},
  availability: 1,
  faults: 0,
  relays: { alarm: true, healthy: false },
  budgetBreaches: 0,
  durable: initialDurable(config),
};
const lost = { ...io, connected: false, dataAgeMs: null, lastError: "cut" };

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
    [
      "is ok alone where no hub is configured, although its records wait for none",
      {
        ...well,
        hubConnected: false,
        isAlone: true as const,
        journal: { ...keeping, oldestAgeMs: { alarm: 9e9 }, hoursLeft: { alarm: 1 } },
      },
      0,
      "ok",
      [],
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
    expect(healthOf(status, ageMs)).toMatchObject({ status: expected, reasons });
  });

  it("says that it works alone by design, which is no want", async () => {
    const alone = { ...well, hubConnected: false, isAlone: true } as const;
    expect(healthOf(alone, 0).notes).toEqual(["works alone by design, no hub is configured 独立运行（未配置平台）"]);
    expect(healthOf(well, 0).notes).toEqual([]);
    const families = async (status: BoxStatus) =>
      (await renderMetrics(status)).match(/^portcullis_edge_hub_\S+ \w+$/gm);
    expect(await families(alone)).toEqual(["portcullis_edge_hub_configured 0", "portcullis_edge_hub_connected Nan"]);
    expect(await families({ ...well, hubConnected: false })).toEqual([
      "portcullis_edge_hub_configured 1",
      "portcullis_edge_hub_connected 0",
    ]);
  });

  it("tells of each driver what was measured of it, and leaves its words for the status", () => {
    const { lastError: _, ...measured } = io;
    expect(healthOf(well, 0).drivers).toEqual({ io: measured });
    expect(healthOf(null, 0).drivers).toEqual({});
  });

  it.each([
    [
      "an alarm that waits for the hub",
      { oldestAgeMs: { alarm: 61_000, state: 0, telemetry: 9e9 } },
      "an alarm waits for the hub, 61 s",
    ],
    [
      "that records must be dropped soon",
      { hoursLeft: { alarm: 30, state: 20, telemetry: 5.5 } },
      "records must be dropped in 5 h at the present rate",
    ],
    ["nothing while there is time", { oldestAgeMs: { alarm: 500 }, hoursLeft: { telemetry: 25 } }, undefined],
  ])("tells %s", async (_what, figures, reason) => {
    const journal = { ...keeping, ...figures };
    expect(healthOf({ ...well, journal }, 0).reasons).toEqual(reason === undefined ? [] : [reason]);
  });

  it("gives age and hours left of what waits for the hub to Prometheus, per lane", async () => {
    const figures = { oldestAgeMs: { alarm: 1_500 }, hoursLeft: { alarm: 400, telemetry: Number.POSITIVE_INFINITY } };
    const journal = { ...keeping, backlog: { alarm: 3 }, ...figures };
    const text = await renderMetrics({ ...well, journal });
    expect(text).toContain('portcullis_edge_uplink_backlog_records{lane="alarm"} 3');
    expect(text).toContain('portcullis_edge_uplink_oldest_age_seconds{lane="alarm"} 1.5');
    expect(text).toContain('portcullis_edge_uplink_hours_left{lane="alarm"} 400');
    expect(text).toContain('portcullis_edge_uplink_hours_left{lane="telemetry"} +Inf');
  });

  it("tells a full disk", () => {
    const full = { ...keeping, space: "alarms-only", refused: 3 } as const;
    expect(healthOf({ ...well, journal: full }, 0).reasons).toEqual([
      "disk is nearly full: the journal takes alarms first",
    ]);
  });
});

describe("metrics of the box", () => {
  const order = {
    number: "W1",
    device: "zone:a",
    cause: "silent",
    openedAt: well.now,
    changedAt: well.now,
    by: "",
    note: "",
  };
  const out = { by: ["li"], reason: "", until: null, guard: null };
  const posture = { level: "level-2", issuer: "", reference: "", by: "", leader: null, since: null } as const;
  const drill = { id: "d", zones: [], by: "", since: well.now, until: well.now, suspendedBy: null, sheet: [] };
  const step = { outcome: "open" } as unknown as Durable["steps"][string];
  const durable: Durable = {
    ...well.durable,
    workOrders: {
      a: { ...order, state: "open", isOverdue: true },
      b: { ...order, state: "assigned", isOverdue: true },
      c: { ...order, state: "verified", isOverdue: false },
    },
    out: { z1: { ...out, how: "isolated" }, z2: { ...out, how: "isolated" }, z3: { ...out, how: "repair" } },
    posture,
    drill,
    steps: { s1: step, s2: { ...step, outcome: "met" } },
  };
  const status = { ...well, durable, availability: 0.98, faults: 3, budgetBreaches: 2, vitals: { stepMsMax: 1.5 } };

  it.each([
    ["A-11: the availability", "portcullis_edge_availability 0.98"],
    ["A-11: what is broken", "portcullis_edge_faults 3"],
    ["A-36: work orders that are not verified", "portcullis_edge_work_orders_open 2"],
    ["A-26: work orders that nobody was told of in time", "portcullis_edge_work_orders_overdue 1"],
    ["the posture", "portcullis_edge_posture 2"],
    ["zones that are isolated", 'portcullis_edge_zones_out{how="isolated"} 2'],
    ["zones out for repair", 'portcullis_edge_zones_out{how="repair"} 1'],
    ["a drill", "portcullis_edge_drill 1"],
    ["steps whose deadline runs", "portcullis_edge_steps_open 1"],
    ["terms of the timing proof over budget", "portcullis_edge_budget_breaches 2"],
    ["the longest step of the controller", "portcullis_edge_step_ms_max 1.5"],
  ])("show %s", async (_name, line) => {
    expect((await renderMetrics(status)).split("\n")).toContain(line);
  });
});
