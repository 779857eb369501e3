// The thread of the OPC UA outlet: how its end is told, and how it is tried again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFeed } from "../../hub/alarm/feed.js";
import { startOpcuaOutlet } from "../../hub/control-room/opcua/outlet.js";

const waiting = { timeout: 30_000, interval: 10 };

describe("the hub's OPC UA outlet", () => {
  const troubles: string[] = [];
  const options = (pkiDir: string): Parameters<typeof startOpcuaOutlet>[0] => ({
    settings: { host: "127.0.0.1", port: 0, pkiDir, maxShelveMs: 3_600_000 },
    feed: createFeed({
      open: () => {
        throw new Error("no ledger");
      },
      past: async function* () {
        yield* [];
      },
    }),
    acts: { perform: () => Promise.reject(new Error("nobody acts")) },
    sources: () => [],
    login: async () => false,
    roleOf: async () => undefined,
    trouble: (detail) => void troubles.push(detail),
  });
  beforeEach(() => void troubles.splice(0));

  it("tells the end of a server that cannot be shown the alarms once, with its cause", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portcullis-ac-"));
    const outlet = startOpcuaOutlet(options(join(folder, "server")));
    await vi.waitFor(() => expect(troubles.at(-1)).toContain("next start in"), waiting);
    await outlet.close();
    expect(troubles).toEqual([
      expect.stringContaining("ended: alarms could not be shown: Error: no ledger; next start"),
    ]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("tries again where the machine has no room for a thread", async () => {
    const outlet = startOpcuaOutlet(options("nowhere"), () => {
      throw new Error("ERR_WORKER_INIT_FAILED");
    });
    await vi.waitFor(() => expect(troubles).toHaveLength(2), waiting);
    await outlet.close();
    expect(troubles[0]).toContain("could not be started: Error: ERR_WORKER_INIT_FAILED; next start in 500 ms");
    expect(outlet.health().reachable).toBe(false);
  });
});
