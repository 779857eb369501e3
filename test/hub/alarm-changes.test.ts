// A long look into the past of the alarms: it ends with its reader and with the server, and holds nobody else up.
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, it, vi } from "vitest";
import { createFeed } from "../../hub/alarm/feed.js";
import { addAlarmRoutes } from "../../hub/console/alarm-routes.js";
import type { Hub } from "../../hub/console/hub.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { readLedger } from "../../hub/reading.js";
import { alarmOf, later } from "./alarm.js";
import { breachData, createJournal, rowsOf } from "./box.js";
import { log } from "./running-hub.js";

const until = { timeout: 10_000, interval: 10 };
const servers: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A past of which no reader sees the end. */
async function endless() {
  const state = { read: 0, isOver: false };
  const feed = createFeed({
    keptMax: 1,
    open: () => [],
    async *past(after, signal) {
      try {
        for (let sequence = after + 1; !signal.aborted; sequence += 1) {
          await new Promise((resolve) => setImmediate(resolve));
          state.read = sequence;
        }
        yield { sequence: 1, at: later(0), alarms: [alarmOf({})] };
      } finally {
        state.isOver = true;
      }
    },
  });
  for (const sequence of [1, 2, 3]) feed.push({ sequence, at: later(0), alarms: [alarmOf({ sequence })] });
  const server = Fastify({ forceCloseConnections: true });
  servers.push(server);
  addAlarmRoutes(server, { feed } as unknown as Hub);
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  return { state, server, url: `${address}/alarm-changes?after=0` };
}

it("ends when its reader has gone", async () => {
  const { state, url } = await endless();
  const leaving = new AbortController();
  const asked = fetch(url, { signal: leaving.signal }).catch(() => "gone");
  await vi.waitFor(() => expect(state.read).toBeGreaterThan(0), until);
  leaving.abort();
  expect(await asked).toBe("gone");
  await vi.waitFor(() => expect(state.isOver).toBe(true), until);
});

it("ends with the server", async () => {
  const { state, server, url } = await endless();
  const asked = fetch(url).catch(() => "cut off");
  await vi.waitFor(() => expect(state.read).toBeGreaterThan(0), until);
  await server.close();
  expect(await asked).toBe("cut off");
  await vi.waitFor(() => expect(state.isOver).toBe(true), until);
});

it("leaves everybody else a turn between two pages of the ledger", async () => {
  const ledger = openLedger(":memory:");
  const journal = createJournal("compound", "gatehouse");
  for (let made = 0; made < 2500; made += 1) journal.add("zone.breached", breachData(`i${made}`, made));
  await ledger.store({ rows: rowsOf("compound", "gatehouse", journal.records), heads: [], aside: [] });
  let turns = 0;
  const count = () => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await readLedger(ledger, log);
  clearImmediate(counting);
  await ledger.close();
  expect(turns).toBeGreaterThanOrEqual(2);
});
