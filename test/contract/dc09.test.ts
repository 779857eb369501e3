// The DC-09 outlet against receivers over real sockets: every event once and in order, whatever the receiver does.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import { headerHash } from "../../edge/record/hash.js";
import { describer } from "../../hub/control-room/dc09/describe.js";
import { type Dc09Options, type Outlet, startDc09 } from "../../hub/control-room/dc09/outlet.js";
import { createRows, type Rows } from "../../hub/control-room/rows.js";
import type { Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { breachData, createJournal } from "../hub/box.js";
import { type Receiver, type ReceiverOptions, startReceiver } from "../support/dc09-receiver.js";

const waiting = { timeout: 10_000, interval: 5 };
const keys = { none: null, aes128: Buffer.alloc(16, 3), aes256: Buffer.alloc(32, 4) };

describe("the DC-09 outlet", () => {
  let ledger: Ledger;
  let rows: Rows;
  let folder: string;
  let journal: ReturnType<typeof createJournal>;
  let troubles: string[];
  let reached: boolean[];
  const closers: (() => Promise<void>)[] = [];

  beforeEach(() => {
    ledger = openLedger(":memory:");
    rows = createRows(ledger);
    folder = mkdtempSync(join(tmpdir(), "portcullis-dc09-"));
    journal = createJournal("compound", "gatehouse");
    troubles = [];
    reached = [];
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function receiver(options: ReceiverOptions): Promise<Receiver> {
    const started = await startReceiver(options);
    closers.push(started.close);
    return started;
  }

  function outlet(port: number, changes: Partial<Dc09Options> = {}): Outlet {
    const started = startDc09({
      name: "station",
      target: { transport: "tcp", host: "127.0.0.1", port },
      format: "SIA-DCS",
      address: { account: "1234", receiver: "1", line: "0" },
      key: null,
      timing: { answerMs: 5000, triesMax: 2, supervisionMs: 60_000 },
      folder,
      rows,
      newest: 0,
      describe: describer({ alarmOf: () => undefined, titleOf: ({ record }) => record.type }),
      clock: createClock(),
      reachable: (up) => void reached.push(up),
      trouble: (detail) => void troubles.push(detail),
      ...changes,
    });
    closers.push(started.close);
    return started;
  }

  /** Stores breaches of the zones given, one row each. */
  async function happen(...zones: string[]): Promise<void> {
    const stored = zones.map((zone, index) => {
      const record = journal.add("zone.breached", {
        ...breachData("i1", index),
        zone,
        alarm: { key: zone, priority: 1 },
      });
      return { storedAt: record.time, site: "compound", edge: "gatehouse", hash: headerHash(record), record };
    });
    await ledger.store({ rows: stored, heads: [], aside: [] });
    rows.wake();
  }
  const numbers = ({ events }: Receiver) => events.map(({ data }) => /BA(\d{3})/.exec(data)?.[1]);

  describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
    it.each(Object.entries(keys))("tells events in order and tests the line, key %s", async (_name, key) => {
      const station = await receiver({ transport, key });
      const sender = outlet(station.port, { target: { transport, host: "127.0.0.1", port: station.port }, key });
      await happen("north", "south", "east");
      await vi.waitFor(() => expect(numbers(station)).toEqual(["001", "002", "003"]), waiting);
      expect(station.events[0]).toMatchObject({ id: "SIA-DCS", sequence: "0001", account: "1234" });
      expect(station.tests).toHaveLength(1);
      expect(station.rubbish).toEqual([]);
      await vi.waitFor(() => expect(sender.health()).toMatchObject({ reachable: true, told: 3, refused: 0 }), waiting);
    });
  });

  it("speaks Contact ID", async () => {
    const station = await receiver({ transport: "tcp", key: null });
    await happen("north");
    outlet(station.port, { format: "ADM-CID" });
    await vi.waitFor(() => expect(station.events).toMatchObject([{ id: "ADM-CID", data: "1131 01 001" }]), waiting);
  });

  it.each([
    { name: "is silent once", answer: "none" as const, sent: ["0001", "0001", "0002"] },
    { name: "hangs up", answer: "hang-up" as const, sent: ["0001", "0001", "0002"] },
    { name: "answers with a wrong checksum", answer: "bad-crc" as const, sent: ["0001", "0001", "0002"] },
    { name: "has another time", answer: "NAK" as const, sent: ["0001", "0001", "0002"] },
    { name: "answers in two parts", answer: "split" as const, sent: ["0001", "0002"] },
    { name: "cannot process it", answer: "DUH" as const, sent: ["0001", "0002"] },
  ])("goes on in order, repeating under the same number, when the receiver $name", async ({ answer, sent }) => {
    const station = await receiver({ transport: "tcp", key: null });
    station.answers.push(answer);
    await happen("north", "south");
    const sender = outlet(station.port, { timing: { answerMs: 1000, triesMax: 2, supervisionMs: 60_000 } });
    await vi.waitFor(() => expect(station.events.map(({ sequence }) => sequence)).toEqual(sent), waiting);
    await vi.waitFor(() => expect(sender.health().told).toBe(answer === "DUH" ? 1 : 2), waiting);
    expect(troubles).toHaveLength(answer === "DUH" ? 1 : 0);
    if (answer === "NAK") expect(station.events[1]?.time).toMatch(/^12:00:0\d,01-01-2030$/);
  });

  it("tells a receiver that was away everything once it is back, and says that it was away", async () => {
    const station = await receiver({ transport: "tcp", key: null });
    const sender = outlet(station.port, { timing: { answerMs: 1000, triesMax: 2, supervisionMs: 60_000 } });
    await vi.waitFor(() => expect(reached).toEqual([true]), waiting);
    await station.close();
    await vi.waitFor(() => expect(sender.health().reachable).toBe(true), waiting);
    await happen("north", "south");
    await vi.waitFor(() => expect(reached).toEqual([true, false]), waiting);
    const back = await receiver({ transport: "tcp", key: null, port: station.port });
    await vi.waitFor(() => expect(numbers(back)).toEqual(["001", "002"]), waiting);
    expect(reached).toEqual([true, false, true]);
  });

  it("goes on after a restart of its own with the next event, and keeps the numbers of zones", async () => {
    const station = await receiver({ transport: "tcp", key: null });
    const before = outlet(station.port);
    await happen("north", "south");
    await vi.waitFor(() => expect(before.health().told).toBe(2), waiting);
    await before.close();
    await happen("east", "north");
    outlet(station.port);
    await vi.waitFor(() => expect(numbers(station)).toEqual(["001", "002", "003", "001"]), waiting);
    expect(station.events.map(({ sequence }) => sequence)).toEqual(["0001", "0002", "0003", "0004"]);
  });

  it("repeats an event that was under way when it ended, under the same number", async () => {
    const station = await receiver({ transport: "tcp", key: null });
    station.answers.push("none");
    await happen("north");
    const before = outlet(station.port, { timing: { answerMs: 60_000, triesMax: 2, supervisionMs: 60_000 } });
    await vi.waitFor(() => expect(station.events).toHaveLength(1), waiting);
    await before.close();
    outlet(station.port);
    await vi.waitFor(() => expect(station.events.map(({ sequence }) => sequence)).toEqual(["0001", "0001"]), waiting);
  });

  it("begins for a receiver that is new with what comes after it was named", async () => {
    await happen("north", "south");
    const station = await receiver({ transport: "tcp", key: null });
    outlet(station.port, { newest: 2 });
    await happen("east");
    await vi.waitFor(() => expect(numbers(station)).toEqual(["001"]), waiting);
  });
});
