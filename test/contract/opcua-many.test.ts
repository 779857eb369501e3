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
const feed = createFeed({
  open: () => [],
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
  feed.push({ sequence, at: alarm.storedAt, alarms: [alarm] });
}
const closed = {
  state: "closed",
  active: false,
  acknowledged: true,
  latched: false,
  closedAt: alarmOf({}).storedAt,
} as const;
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
  const at = { port: outlet.port() ?? 0, dataDir, folder: join(dataDir, "client"), user: "wang", password: "any" };
  conditions = await connectConditions(at);
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
