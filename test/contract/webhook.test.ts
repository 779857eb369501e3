// The webhook outlet against receivers over real sockets: signed, in order, tried again, set aside and sent again by hand.
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClock } from "../../edge/machine/clock.js";
import type { AlarmChange, AlarmRecord } from "../../hub/alarm/record.js";
import { startWebhook, type Webhook, type WebhookOptions } from "../../hub/control-room/webhook/outlet.js";

const secret = Buffer.alloc(32, 7);
const waiting = { timeout: 15_000, interval: 5 };

interface Heard {
  readonly id: string;
  readonly sequence: number;
  readonly isSigned: boolean;
}

type Manner = number | "hang" | "cut" | "endless" | "redirect";

/** A receiver of its own; `manners` are how it treats the next requests, then it takes everything. */
async function startReceiver(port = 0) {
  const heard: Heard[] = [];
  const manners: Manner[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const id = String(request.headers["webhook-id"]);
      const content = `${id}.${request.headers["webhook-timestamp"]}.${body}`;
      const signature = `v1,${createHmac("sha256", secret).update(content).digest("base64")}`;
      const isSigned = signature === request.headers["webhook-signature"];
      heard.push({ id, sequence: JSON.parse(body).sequence, isSigned });
      treat(response, manners.shift() ?? 204);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    heard,
    manners,
    port: own,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function treat(response: ServerResponse, manner: Manner): void {
  if (manner === "hang") return;
  if (manner === "cut") response.destroy();
  else if (manner === "redirect") response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end();
  else if (manner === "endless") response.writeHead(200).write("x".repeat(100_000));
  else response.writeHead(manner).end();
}

/** Changes 1, 2, 3 ... of one alarm each, as the hub's feed gives them. */
function changesOf(count: number): WebhookOptions["feed"] {
  return {
    async *changes(after, signal) {
      for (let sequence = after + 1; sequence <= count; sequence += 1) {
        const alarm = { id: "7", title: { zh: "围栏", en: "Fence" } } as AlarmRecord;
        yield { sequence, at: "", alarms: [alarm] } satisfies AlarmChange;
      }
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  };
}

describe("the webhook outlet", () => {
  let folder: string;
  let troubles: string[];
  let reached: boolean[];
  const closers: (() => Promise<void>)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-webhook-"));
    troubles = [];
    reached = [];
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function receiver(port = 0) {
    const started = await startReceiver(port);
    closers.push(started.close);
    return started;
  }

  function outlet(port: number, count: number, changes: Partial<WebhookOptions> = {}): Webhook {
    const started = startWebhook({
      name: "ward",
      url: `http://127.0.0.1:${port}/hook`,
      secret,
      ca: undefined,
      answerMs: 300,
      giveUpMs: 3_600_000,
      folder,
      feed: changesOf(count),
      newest: 0,
      clock: createClock(),
      reachable: (up) => void reached.push(up),
      trouble: (detail) => void troubles.push(detail),
      ...changes,
    });
    closers.push(started.close);
    return started;
  }
  const sequences = (heard: readonly Heard[]) => heard.map(({ sequence }) => sequence);

  it("tells every change once, in order and signed", async () => {
    const ward = await receiver();
    const hook = outlet(ward.port, 5);
    await vi.waitFor(() => expect(sequences(ward.heard)).toEqual([1, 2, 3, 4, 5]), waiting);
    expect(ward.heard.every(({ isSigned }) => isSigned)).toBe(true);
    await vi.waitFor(
      () => expect(hook.health()).toMatchObject({ reachable: true, told: 5, aside: 0, after: 5 }),
      waiting,
    );
  });

  it.each<Manner>(["hang", "cut", "endless", "redirect", 500, 401, 429])(
    "sends the same again, and nothing before it, after '%s'",
    async (manner) => {
      const ward = await receiver();
      ward.manners.push(manner);
      outlet(ward.port, 2);
      await vi.waitFor(() => expect(sequences(ward.heard)).toEqual([1, 1, 2]), waiting);
      expect(ward.heard[0]?.id).toBe(ward.heard[1]?.id);
      expect(reached).toEqual([false, true]);
    },
  );

  it("sets aside what is refused three times, goes on, and sends it again when asked", async () => {
    const ward = await receiver();
    ward.manners.push(422, 422, 422);
    const hook = outlet(ward.port, 2);
    await vi.waitFor(() => expect(sequences(ward.heard)).toEqual([1, 1, 1, 2]), waiting);
    expect(hook.aside()).toMatchObject([{ message: { sequence: 1 }, reason: "status 422" }]);
    expect(troubles).toHaveLength(1);
    expect(await hook.sendAsideAgain()).toBe(1);
    expect(hook.aside()).toEqual([]);
    expect(sequences(ward.heard)).toEqual([1, 1, 1, 2, 1]);
  });

  it("goes on after a restart with what comes next, and still has what stood aside", async () => {
    const ward = await receiver();
    ward.manners.push(400, 400, 400);
    const before = outlet(ward.port, 2);
    await vi.waitFor(() => expect(before.health()).toMatchObject({ told: 1, refused: 1 }), waiting);
    await before.close();
    const hook = outlet(ward.port, 4);
    await vi.waitFor(() => expect(sequences(ward.heard)).toEqual([1, 1, 1, 2, 3, 4]), waiting);
    expect(hook.aside()).toHaveLength(1);
  });

  it("tells a receiver that was away everything when it is there", async () => {
    const ward = await receiver();
    const { port } = ward;
    await ward.close();
    outlet(port, 3);
    await vi.waitFor(() => expect(reached).toEqual([false]), waiting);
    const back = await receiver(port);
    await vi.waitFor(() => expect(sequences(back.heard)).toEqual([1, 2, 3]), waiting);
  });

  it("ends at once while a receiver hangs", async () => {
    const ward = await receiver();
    ward.manners.push("hang");
    const hook = outlet(ward.port, 1, { answerMs: 60_000 });
    await vi.waitFor(() => expect(ward.heard).toHaveLength(1), waiting);
    await hook.close();
    expect(hook.health().told).toBe(0);
  });
});
