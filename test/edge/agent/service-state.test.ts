// How the box is, as its service manager hears it.
import { expect, it } from "vitest";
import { serviceStateOf } from "../../../edge/agent/service-state.js";
import { type BoxStatus, stalledAfterMs } from "../../../edge/commissioning/status.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");
const mono = 100_000;
const well: BoxStatus = {
  site: "demo-office",
  edge: config.id,
  revision: 1,
  now: { boot: "b", mono, wall: 1, clock: "holdover" },
  ready: true,
  drivers: {},
  hubConnected: true,
  journal: { volatile: false, space: "all", refused: 0, backlog: {}, oldestAgeMs: {}, hoursLeft: {} },
  vitals: {},
  availability: 1,
  faults: 0,
  relays: {},
  budgetBreaches: 0,
  durable: initialDurable(config),
};

it.each([
  ["guards", well, mono + 1, { ready: true, alive: true, status: "guards 值守中" }],
  ["guards although nothing is due", well, null, { ready: true, alive: true }],
  [
    "is ready without its hub, and says so",
    { ...well, hubConnected: false },
    null,
    { ready: true, alive: true, status: "degraded 降级: hub not connected" },
  ],
  [
    "guards alone where no hub is configured",
    { ...well, hubConnected: false, isAlone: true as const },
    null,
    { ready: true, status: "guards 值守中: works alone by design, no hub is configured 独立运行（未配置平台）" },
  ],
  [
    "is not ready while inputs are not read",
    { ...well, ready: false },
    null,
    { ready: false, alive: true, status: "starting 启动中: inputs not read yet" },
  ],
  ["waits for a call that is a little late", well, mono - stalledAfterMs, { alive: true }],
  [
    "shows no life when the controller was not called",
    well,
    mono - stalledAfterMs - 1,
    { ready: false, alive: false, status: "stalled 停滞: controller" },
  ],
])("%s", (_what, status, wakeAt, expected) => {
  expect(serviceStateOf(status, wakeAt)).toMatchObject(expected);
});
