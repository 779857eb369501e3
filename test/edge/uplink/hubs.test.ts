// How the uplink chooses among hubs, what it makes of what they state, and what it does when another box has its numbers.
import { expect, test } from "vitest";
import type { LaneHead } from "../../../edge/model/record.js";
import { laneKey } from "../../../edge/record/verify.js";
import { settled, setUp } from "./box-and-hubs.js";

const minuteMs = 60_000;

test("an acknowledgement of an earlier connection is not taken for all that the hub has", async () => {
  const { hub, journal, record } = await setUp();
  await record("alarm", 2);
  hub.up();
  const [head] = journal.heads();
  hub.send("ack", JSON.stringify({ heads: [{ ...head, sequence: 1 }], scope: "part" }));
  await settled();
  expect(hub.batches).toEqual([]);
  hub.state();
  await settled();
  expect(hub.batches[0]?.records.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("what was on its way when the hub began to listen anew is sent again at once", async () => {
  const { hub, record, connect } = await setUp();
  await connect();
  hub.answering(false);
  await record("alarm", 2);
  hub.restore(0);
  hub.answering(true);
  hub.send("ack", JSON.stringify({ heads: [], scope: "all" }));
  await settled();
  expect(hub.stored.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("a hub that has lost everything gets everything again, and until then it counts as waiting", async () => {
  const { hub, machine, uplink, record, connect } = await setUp();
  await record("alarm", 4);
  await record("state", 3);
  await connect();
  hub.restore(0);
  hub.answering(false);
  hub.down();
  machine.advance(2_000);
  await setHub(hub);
  expect(uplink.status().backlog).toMatchObject({ alarm: 4, state: 3 });
  hub.answering(true);
  machine.advance(11_000);
  await settled();
  expect(hub.stored).toHaveLength(7);
  expect(uplink.status().backlog).toMatchObject({ alarm: 0, state: 0 });

  async function setHub(again: typeof hub) {
    while (again.connects() < 2) {
      machine.advance(40_000);
      await settled();
    }
    again.up();
    again.state();
    await settled();
  }
});

test("every batch bears the moment of its sending, and the greeting where the lanes end", async () => {
  const { hub, machine, journal, record, connect } = await setUp();
  await record("alarm", 1);
  machine.advance(5_000);
  await connect();
  expect(hub.batches[0]?.sent).toEqual(machine.clock.now());
  expect(hub.greeted()).toEqual(journal.heads());
});

test("a fresh alarm does not wait for the end of a long back-off, other records do", async () => {
  const { hub, second, machine, record } = await setUp();
  const connects = () => hub.connects() + second.connects();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    (connects() % 2 === 1 ? hub : second).down();
    machine.advance(attempt === 7 ? 1_000 : 40_000);
  }
  const before = connects();
  await record("state", 1);
  machine.advance(600);
  expect(connects()).toBe(before);
  await record("alarm", 1);
  machine.advance(1);
  expect(connects()).toBe(before + 1);
});

test("from another address it comes back to the first, once that states its heads", async () => {
  const { hub, second, machine, record, connect } = await setUp();
  hub.down();
  machine.advance(1_000);
  await connect(second);
  await record("alarm", 1);
  machine.advance(minuteMs);
  expect(hub.connects()).toBe(2);
  hub.up();
  await record("alarm", 1);
  expect(second.stored).toHaveLength(2);
  hub.state();
  await record("alarm", 1);
  expect(hub.stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(second.stored).toHaveLength(2);
});

test("a first address that does not answer changes nothing, and is asked again", async () => {
  const { hub, second, machine, record, connect } = await setUp();
  hub.down();
  machine.advance(1_000);
  await connect(second);
  machine.advance(minuteMs);
  hub.down();
  await record("alarm", 1);
  expect(second.stored).toHaveLength(1);
  machine.advance(minuteMs);
  hub.up();
  machine.advance(31_000);
  await record("alarm", 1);
  expect([second.stored.length, hub.connects()]).toEqual([2, 3]);
});

test("when both addresses lead to one hub, whose broker ends the older connection, the newer one serves", async () => {
  const { hub, second, machine, record, connect } = await setUp();
  hub.down();
  machine.advance(1_000);
  await connect(second);
  machine.advance(minuteMs);
  second.down();
  await connect(hub);
  await record("alarm", 1);
  expect(hub.stored).toHaveLength(1);
  expect(hub.connects()).toBe(2);
});

test("where the hub has another record under our number, the epoch is left and fresh alarms go up in a new one", async () => {
  const { hub, journal, machine, troubles, uplink, record } = await setUp();
  await record("alarm", 5);
  const { epoch } = journal.status();
  const taken: LaneHead = { epoch, lane: "alarm", sequence: 3, hash: "f".repeat(64) };
  hub.up();
  hub.send("ack", JSON.stringify({ heads: [taken] }));
  await settled();
  expect(troubles.map(({ code }) => code)).toContain("intake.chain-forked");
  await record("alarm", 2);
  machine.advance(61_000);
  await settled();
  const fresh = hub.stored.filter((stored) => stored.epoch !== epoch);
  expect(fresh.map(({ lane, sequence }) => [lane, sequence])).toEqual([
    ["alarm", 1],
    ["alarm", 2],
  ]);
  const after = hub.batches.slice(hub.batches.findIndex(({ records }) => records.some((one) => one.epoch !== epoch)));
  expect(after.flatMap(({ records }) => records).filter((sent) => laneKey(sent) === laneKey(taken))).toEqual([]);
  expect(uplink.status().backlog.alarm).toBe(0);
});
