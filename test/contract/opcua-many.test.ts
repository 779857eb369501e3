// More zones than the hub's OPC UA server has conditions for: every alarm is told, quiet conditions make room, and what shares
// one can be acknowledged.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StatusCodes } from "node-opcua";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createFeed } from "../../hub/alarm/feed.js";
import type { AlarmRecord } from "../../hub/alarm/record.js";
import { type OpcuaOutlet, startOpcuaOutlet } from "../../hub/control-room/opcua/outlet.js";
import { alarmOf } from "../hub/alarm.js";
import { type Conditions, connectConditions } from "../support/conditions.js";

const waiting = { timeout: 30_000, interval: 20 };
const dataDir = mkdtempSync(join(tmpdir(), "portcullis-many-"));
const open = new Map<string, AlarmRecord>();
const feed = createFeed({
  open: () => [...open.values()].reverse(),
  async *past() {
    yield* [];
  },
});
const acknowledged: string[] = [];
const troubles: string[] = [];
let outlet: OpcuaOutlet;
let conditions: Conditions;
let sequence = 0;

const source = (zone: string) => `compound/gatehouse/zone:${zone}`;
function happen(id: string, rest: Partial<AlarmRecord> = {}): void {
  sequence += 1;
  const alarm = alarmOf({ id, key: id, origin: `zone:${id}`, zone: id, sequence, ...rest });
  open.set(id, alarm);
  if (alarm.state === "closed") open.delete(id);
  feed.push({ sequence, at: alarm.storedAt, alarms: [alarm] });
}
const closed = {
  state: "closed",
  active: false,
  acknowledged: true,
  latched: false,
  closedAt: alarmOf({}).storedAt,
} as const;
const connect = (name: string) =>
  connectConditions({ port: outlet.port() ?? 0, dataDir, folder: join(dataDir, name), user: "wang", password: "any" });
const told = () => conditions.events.map((event) => `${event.source.split(":").at(-1)} ${event.active ? "on" : "off"}`);

beforeAll(async () => {
  outlet = startOpcuaOutlet({
    settings: { host: "127.0.0.1", port: 0, pkiDir: join(dataDir, "opcua", "alarms"), maxShelveMs: 1000 },
    feed,
    acts: {
      async perform(_actor, id) {
        acknowledged.push(id);
        return alarmOf({ id });
      },
    },
    sources: () =>
      ["a", "b", "c", "d"].map((id) => ({ source: source(id), site: "compound", edge: "gatehouse", id, title: id })),
    login: async () => true,
    roleOf: async () => "operator",
    trouble: (detail) => void troubles.push(detail),
    limits: { namedMax: 1, conditionsMax: 2 },
  });
  await vi.waitFor(() => expect(outlet.port()).not.toBeNull(), waiting);
  conditions = await connect("client");
}, 90_000);
afterAll(async () => {
  await conditions?.close();
  await outlet.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it("tells every alarm, whether its zone has a condition, gets one, takes that of a quiet one or shares", async () => {
  for (const id of ["a", "b", "c", "d"]) happen(id);
  await vi.waitFor(() => expect(told()).toEqual(["a on", "b on", "-/-/others on", "-/-/others on"]), waiting);
  expect(troubles.filter((trouble) => trouble.includes("-/-/others"))).toHaveLength(1);
  const shared = conditions.events.at(-1);
  if (shared === undefined) throw new Error("no event");
  expect(await conditions.acknowledge(shared, "")).toEqual(StatusCodes.Good);
  expect(acknowledged).toEqual(["c", "d"]);
  happen("b", closed);
  happen("e");
  happen("e", closed);
  happen("b2", { origin: "zone:b" });
  await vi.waitFor(() => expect(told().slice(4)).toEqual(["b off", "e on", "e off", "b on"]), waiting);
}, 60_000);

it("S-08: lets no client wait for one that reads nothing", async () => {
  const frozen = await connect("frozen");
  frozen.freeze();
  happen("a", closed);
  await vi.waitFor(() => expect(told().at(-1)).toBe("a off"), waiting);
  const from = conditions.events.length;
  const storm = Array.from({ length: 300 }, (_, index) => `${1000 + index}`);
  for (const id of storm) happen(id, { origin: "zone:a", title: { zh: id, en: id } });
  await vi.waitFor(
    () => expect(conditions.events.slice(from).map(({ message }) => message.split(" / ")[1])).toEqual(storm),
    waiting,
  );
}, 90_000);

it("shows a client that was away all that stands, once, when it asks", async () => {
  await conditions.close();
  for (const [id, { origin }] of [...open]) if (origin === "zone:a") happen(id, { origin, ...closed });
  happen("b2", { origin: "zone:b", acknowledged: true, state: "acknowledged" });
  conditions = await connect("client");
  expect(await conditions.refresh()).toEqual(StatusCodes.Good);
  const retained = () => conditions.events.filter(({ source, retain }) => source !== "" && retain);
  await vi.waitFor(
    () =>
      expect(
        retained()
          .map(({ source, acked }) => `${source.split(":").at(-1)} ${acked ? "seen" : "unseen"}`)
          .sort(),
      ).toEqual(["-/-/others unseen", "b seen"]),
    waiting,
  );
}, 90_000);
