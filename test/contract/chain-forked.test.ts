// A box's data folder copied and run twice: two real journals continue one chain, and the real hub says so.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Recorder } from "../../edge/agent/recorder.js";
import { createClock } from "../../edge/machine/clock.js";
import type { LaneHead } from "../../edge/model/record.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { startBoxRecorder } from "../support/box-recorder.js";

const until = { timeout: 20_000, interval: 50 };
const clock = createClock();

describe("a data folder that runs twice", () => {
  let hub: TestHub;
  let token: string;
  const folder = mkdtempSync(join(tmpdir(), "portcullis-fork-"));

  beforeAll(async () => {
    hub = await startTestHub();
    token = await hub.hub.issueToken("wang", "operator", 1);
  }, 30_000);
  afterAll(async () => {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a box on one of the folders until the hub has all that it recorded. */
  async function live(name: string, alarms: number): Promise<void> {
    const folders = {
      dataDir: join(folder, name),
      keysDir: join(folder, `${name}-keys`),
      pki: join(hub.folder, "pki"),
    };
    const recorder = await startBoxRecorder(folders, hub.hub.ports.broker);
    try {
      for (let made = 0; made < alarms; made += 1) await raise(recorder, `${name} ${made}`);
      await vi.waitFor(async () => {
        const status = await recorder.status();
        expect(status).toMatchObject({ hubConnected: true, backlog: { alarm: 0 } });
      }, until);
      await raise(recorder, `${name} afterwards`);
      await vi.waitFor(async () => expect(await details()).toContain(`${name} afterwards`), until);
    } finally {
      await recorder.close();
    }
  }

  function raise(recorder: Recorder, detail: string): Promise<void> {
    const fact = { type: "limit.reached", lane: "alarm", subject: "test", data: { limit: "test", detail } } as const;
    return recorder.append([{ fact, now: clock.now(), exercise: false }]);
  }

  async function details(): Promise<readonly unknown[]> {
    const { body } = await hub.call("GET", "/api/v1/records?limit=5000", { token });
    return body.items.map((item) => (item["record"] as { data: { detail?: unknown } }).data.detail);
  }

  async function forks(): Promise<readonly unknown[]> {
    const { body } = await hub.call("GET", "/api/v1/alarms", { token });
    return body.items.filter(({ type }) => type === "chain.forked");
  }

  async function heads(): Promise<readonly LaneHead[]> {
    const { body } = await hub.call("GET", "/api/v1/edges/compound/gatehouse/heads", { token });
    return (body as unknown as { heads: readonly LaneHead[] }).heads.filter(({ lane }) => lane === "alarm");
  }

  test("raises chain.forked, and what the copy records from then on still arrives, in an epoch of its own", async () => {
    await live("original", 3);
    for (const copy of ["behind", "ahead"]) cpSync(join(folder, "original"), join(folder, copy), { recursive: true });
    await live("original", 4);
    expect(await forks()).toEqual([]);
    const [before] = await heads();

    await live("behind", 1);
    await vi.waitFor(async () => expect(await forks()).toMatchObject([{ priority: 1, edge: "gatehouse" }]), until);
    const [forked, own] = await heads();
    expect(forked).toEqual(before);
    expect(own?.epoch).not.toBe(before?.epoch);

    await live("ahead", 9);
    expect((await heads()).map(({ epoch }) => epoch)).toHaveLength(3);
    expect((await heads())[0]).toEqual(before);

    await live("original", 1);
    expect((await heads())[0]).toMatchObject({ epoch: before?.epoch, sequence: (before?.sequence ?? 0) + 2 });
  }, 60_000);
});
