// What the box tells of its drivers and its fail-safe relays over HTTP, with a real box on loopback.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Settings } from "../../edge/agent/settings.js";
import type { HealthAnswer } from "../../edge/commissioning/status.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let players: readonly Player[];
const clear = { beam: "clear", cover: "shut" };

/** The gate's second relay is in truth the fail-safe one. */
const withRelay = (settings: Settings): Settings => ({
  ...settings,
  config: { ...settings.config, failSafe: { healthy: "gate-open" } },
});

beforeAll(async () => {
  box = await startSmallBox({ change: withRelay });
  players = await Promise.all(["beam", "gate"].map((device) => playDevice(box.dataDir, box.site.broker, device)));
});
afterAll(async () => {
  for (const player of players ?? []) await player.close();
  await box?.close();
});

const health = async () => (await box.get("/healthz")).body as HealthAnswer;
const metric = async (line: string) =>
  Number(new RegExp(`^portcullis_edge_${line} (\\S+)$`, "m").exec(String((await box.get("/metrics")).body))?.[1]);

it("tells of each driver whether it is connected, how old its data is and how fast its samples were judged", async () => {
  const [beam, gate] = players;
  beam?.say(clear);
  gate?.say({ closed: false, open: true, loop: false });
  const driver = await until("samples were measured", async () => {
    const field = (await health()).drivers["field"];
    return field?.sampleMs && field.dataAgeMs !== null && field.connected && field;
  });
  expect(driver).toMatchObject({ reconnects: expect.any(Number), errors: expect.any(Number) });
  expect(driver).not.toHaveProperty("lastError");
  // The points declare a latency of 50 ms, which counts.
  expect(driver.sampleMs?.p50).toBeGreaterThanOrEqual(50);
  expect(driver.sampleMs?.max).toBeGreaterThanOrEqual(driver.sampleMs?.p99 ?? 0);
  expect(driver.dataAgeMs).toBeLessThan(60_000);
});

it("tells how long outputs took to be confirmed, in figures that a dashboard can read", async () => {
  players[0]?.say({ ...clear, beam: "blocked" });
  await until("the siren is confirmed", async () => (await health()).drivers["field"]?.writeMs);
  expect(await metric('driver_connected{driver="field"}')).toBe(1);
  expect(await metric('driver_write_ms{driver="field",of="max"}')).toBeGreaterThan(0);
  expect(await metric('driver_sample_ms{driver="field",of="p99"}')).toBeGreaterThanOrEqual(50);
  expect(await metric('driver_reconnects{driver="field"}')).toBeGreaterThanOrEqual(0);
  expect(await metric('driver_errors{driver="field"}')).toBeGreaterThanOrEqual(0);
  expect(await metric('driver_data_age_ms{driver="field"}')).toBeLessThan(60_000);
});

it("shows the data of a device that says nothing more grow old, and drops the relay for it", async () => {
  await until("the box is sound", async () => (await metric('fail_safe_relay{relay="healthy"}')) === 1);
  for (const player of players) player.freeze();
  await until("the relay is dropped", async () => (await metric('fail_safe_relay{relay="healthy"}')) === 0, 30_000);
  await until("its data are old", async () => (await metric('driver_data_age_ms{driver="field"}')) > 2_000);
});

it("drops the relay when the box is stopped", async () => {
  const stopped = await startSmallBox({ change: withRelay });
  const [beam, gate] = await Promise.all(
    ["beam", "gate"].map((device) => playDevice(stopped.dataDir, stopped.site.broker, device)),
  );
  beam?.say(clear);
  gate?.say({ closed: false, open: true, loop: false });
  await until("the relay is on", async () => gate?.ordered("f/gate/gate-open") === "on", 30_000);
  await stopped.close();
  expect(gate?.ordered("f/gate/gate-open")).toBe("off");
  for (const player of [beam, gate]) await player?.close();
});
