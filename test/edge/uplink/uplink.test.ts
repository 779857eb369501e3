// The uplink between a real journal (on a simulated disk) and a simulated hub, in virtual time.
import { expect, test } from "vitest";
import { verifyChain } from "../../../edge/record/verify.js";
import { settled, setUp } from "./box-and-hubs.js";

const lock = (session: string, more: object = {}) =>
  JSON.stringify({
    id: "c1",
    issuers: ["anna"],
    reason: "drill",
    act: { kind: "lock-down", group: "gate" },
    session,
    ttlMs: 5000,
    ...more,
  });

test("nothing is sent before the hub has stated its heads", async () => {
  const { hub, record } = await setUp();
  hub.up();
  await record("alarm", 3);
  expect(hub.session()).not.toBe("");
  expect(hub.batches).toEqual([]);
  hub.state();
  await settled();
  expect(hub.stored).toHaveLength(3);
});

test("records arrive once each and in order, and the backlog is empty afterwards", async () => {
  const { hub, uplink, record, connect } = await setUp();
  await record("state", 300);
  await record("alarm", 10);
  expect(uplink.status()).toMatchObject({ hubConnected: false, backlog: { alarm: 10, state: 300, telemetry: 0 } });
  await connect();
  expect(hub.stored).toHaveLength(310);
  expect(verifyChain(hub.stored)).toBeNull();
  const status = uplink.status();
  expect(status).toMatchObject({ hubConnected: true, backlog: { alarm: 0, state: 0, telemetry: 0 } });
  expect(status.acknowledged.map(({ lane, sequence }) => [lane, sequence])).toEqual([
    ["alarm", 10],
    ["state", 300],
  ]);
});

test("alarms go before a backlog, and a live alarm overtakes what is left of it", async () => {
  const { hub, machine, record, connect } = await setUp();
  await record("telemetry", 700);
  await record("state", 600);
  await record("alarm", 2);
  hub.answering(false);
  await connect();
  expect(hub.batches[0]?.lane).toBe("alarm");
  const before = hub.batches.length;
  expect(hub.batches.flatMap(({ records }) => records).length).toBeLessThan(1302);
  await record("alarm", 1);
  expect(hub.batches[before]?.lane).toBe("alarm");
  hub.answering(true);
  hub.state();
  for (let second = 0; second < 30 && hub.stored.length < 1303; second += 1) {
    machine.advance(1000);
    await settled();
  }
  expect(hub.stored).toHaveLength(1303);
});

test("no batch of another lane is sent while alarms wait for room in their window", async () => {
  const { hub, record, connect } = await setUp();
  await record("alarm", 400);
  await record("state", 5);
  hub.answering(false);
  await connect();
  expect(hub.batches.map(({ lane }) => lane).filter((lane) => lane !== "alarm")).toEqual([]);
  expect(hub.batches.flatMap(({ records }) => records)).toHaveLength(256);
});

test("alarms that the hub never acknowledges do not hold up the other lanes for ever", async () => {
  const { hub, machine, record, connect } = await setUp();
  await record("alarm", 400);
  await record("state", 5);
  hub.answering(false);
  await connect();
  machine.advance(11_000);
  await settled();
  expect(hub.batches.some(({ lane }) => lane === "state")).toBe(true);
});

test("after a loss of the link it goes on from the hub's heads, without gap or loss", async () => {
  const { hub, second, machine, record, connect } = await setUp();
  await record("alarm", 5);
  await connect();
  hub.down();
  await record("alarm", 5);
  machine.advance(1000);
  expect(second.connects()).toBe(1);
  second.down();
  machine.advance(2000);
  await connect(hub);
  expect(hub.connects()).toBe(2);
  expect(hub.stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a restored hub gets back what it lost, although it was acknowledged", async () => {
  const { hub, record, connect } = await setUp();
  await record("alarm", 10);
  await connect();
  hub.restore(4);
  hub.state();
  await settled();
  expect(hub.stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("what is not acknowledged in time is sent again, and duplicates do no harm", async () => {
  const { hub, machine, record, connect } = await setUp();
  await connect();
  hub.answering(false);
  await record("alarm", 3);
  expect(hub.batches).toHaveLength(1);
  machine.advance(11_000);
  await settled();
  expect(hub.batches.map(({ records }) => records.map(({ sequence }) => sequence))).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(hub.stored).toHaveLength(3);
});

test("a damaged record is declared as missing and does not hold up the lane", async () => {
  const { hub, disk, journal, record, connect, troubles } = await setUp();
  await record("alarm", 5);
  const name = (await disk.mount().list())[0] ?? "";
  disk.flipBit(name, disk.bytes(name).indexOf("alarm 2"));
  await connect();
  expect(hub.stored.map(({ sequence }) => sequence)).toEqual([1, 2, 4, 5]);
  expect(hub.batches[0]?.missing).toEqual([{ epoch: journal.status().epoch, lane: "alarm", from: 3, to: 3 }]);
  expect(troubles.map(({ code }) => code)).toContain("journal.corrupt");
});

test("a hub that does not state its heads is given up for the next address", async () => {
  const { hub, second, machine, troubles } = await setUp();
  hub.up();
  machine.advance(32_000);
  await settled();
  expect(second.connects()).toBe(1);
  expect(troubles.map(({ code }) => code)).toEqual(["uplink.unreachable"]);
});

test("S-14: a command of the present connection is executed once and answered", async () => {
  const { hub, commands, connect } = await setUp();
  await connect();
  hub.send("command", lock(hub.session()));
  hub.send("command", lock(hub.session()));
  await settled();
  expect(commands.map(({ id, act }) => [id, act.kind])).toEqual([["c1", "lock-down"]]);
  expect(hub.results).toEqual(
    expect.arrayContaining([
      { id: "c1", ok: true, code: "" },
      { id: "c1", ok: false, code: "command.replayed" },
    ]),
  );
});

test.each([
  ["retained by the broker", (session: string) => lock(session), true, "command.replayed"],
  ["of another connection", () => lock("0".repeat(32)), false, "command.expired"],
  ["of unknown kind", (session: string) => lock(session, { act: { kind: "open" } }), false, "uplink.message-invalid"],
  ["without an issuer", (session: string) => lock(session, { issuers: [] }), false, "uplink.message-invalid"],
  ["that lives too long", (session: string) => lock(session, { ttlMs: 1e9 }), false, "uplink.message-invalid"],
])("S-14: a command %s is refused with a code", async (_name, payload, retained, code) => {
  const { hub, commands, connect } = await setUp();
  await connect();
  hub.send("command", payload(hub.session()), retained);
  await settled();
  expect(commands).toEqual([]);
  expect(hub.results).toEqual([{ id: "c1", ok: false, code }]);
});

test.each(["", "{", "[]", "null", '{"heads":3}', '{"heads":[{"lane":"x"}]}'])(
  "the acknowledgement %j is named and ignored",
  async (rubbish) => {
    const { hub, troubles, record, connect } = await setUp();
    await connect();
    hub.send("ack", rubbish);
    await record("alarm", 1);
    expect(troubles.map(({ code }) => code)).toEqual(["uplink.message-invalid"]);
    expect(hub.stored).toHaveLength(1);
  },
);
