// A notification by way of the hub, from a box's sensor to the ledger of a real hub over mutual TLS.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Settings } from "../../edge/agent/settings.js";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { monoNow } from "../../edge/machine/clock.js";
import type { Step } from "../../edge/model/incident.js";
import type { StepConfig } from "../../edge/model/plan.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { type Plug, startPlug } from "../support/plug.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

let hub: TestHub;
let box: SmallBox;
let beam: Player;
/** Between the two; it is cut until the test says otherwise. */
let line: Plug;

/** The fence's alarm also notifies the hub. */
function notifying(settings: Settings): Settings {
  const notify: StepConfig = { id: "hub", kind: "notify", channel: "district", withinMs: 60_000 };
  const { config } = settings;
  return {
    ...settings,
    site: "compound",
    config: {
      ...config,
      id: "gatehouse",
      uplink: { hubs: [`mqtts://127.0.0.1:${line.port}`] },
      channels: [{ id: "district", name: { zh: "区平台", en: "District" }, kind: "hub" }],
      responses: config.responses.map((response) => ({ ...response, steps: [...response.steps, notify] })),
    },
  };
}

beforeAll(async () => {
  hub = await startTestHub();
  line = await startPlug(hub.hub.ports.broker);
  line.set("cut");
  box = await startSmallBox({ pkiDir: join(hub.folder, "pki"), change: notifying });
  beam = await playDevice(box.dataDir, box.site.broker, "beam");
}, 60_000);
afterAll(async () => {
  await beam?.close();
  await box?.close();
  await line?.close();
  await hub?.close();
});

const status = async () => (await box.get("/api/v1/status")).body as BoxStatus;

async function stepOf(id: string): Promise<Step | undefined> {
  const { durable } = await status();
  return Object.values(durable.steps).find(({ step }) => step === id);
}

test("A-47, A-51: a notification waits while the line to the hub is cut, and is met once the hub has the alarm on its disk", async () => {
  beam.say({ beam: "clear", cover: "shut" });
  // What is blocked when it comes into sight is announced, and notifies nobody.
  await until("the beam is seen at rest", async () => (await status()).durable.zones["fence-1"]?.state === "normal");
  beam.say({ beam: "blocked", cover: "shut" });
  await until("the notification is asked for", () => stepOf("hub"));
  await until("its records wait for the hub", async () => {
    const { journal, hubConnected } = await status();
    return !hubConnected && (journal?.backlog["alarm"] ?? 0) > 0;
  });
  expect(await stepOf("hub")).toMatchObject({ outcome: "open", confirmedAt: null });

  const mendedAt = monoNow();
  line.set("open");
  const met = await until(
    "it is delivered",
    async () => {
      const step = await stepOf("hub");
      return step?.outcome === "met" && step;
    },
    45_000,
  );
  expect(met.confirmedAt?.mono).toBeGreaterThan(mendedAt);
  const token = await hub.hub.issueToken("wang", "operator", 1);
  const alarms = await hub.call("GET", "/api/v1/alarms", { token });
  expect(JSON.stringify(alarms.body)).toContain("zone.breached");
}, 90_000);
