// The past as a client of the HTTP API reads it: by place, time, type and incident, newest first, with a cursor.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { at, type BoxConnection, breachData, connectBox, createJournal } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

describe("GET /api/v1/history", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let token: string;
  const journal = createJournal("compound", "gatehouse");
  const when = (ms: number) => new Date(at(ms).wall).toISOString();

  beforeAll(async () => {
    hub = await startTestHub();
    token = await hub.hub.issueToken("wang", "operator", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    for (let made = 0; made < 5; made += 1)
      journal.add("zone.breached", breachData(`i${made}`, made * 1000), { ms: made * 1000 });
    box.send("alarm", journal.records);
    await vi.waitFor(() => expect(box.heads.get("epoch-1/alarm")).toBe(5), { timeout: 10_000 });
  }, 30_000);
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  interface Page {
    readonly items: readonly { readonly record: { readonly data: { readonly incident: string } } }[];
    readonly before: string | null;
  }
  const read = async (query: string) => {
    const { status, body } = await hub.call("GET", `/api/v1/history?${query}`, { token });
    const { items, before } = body as unknown as Page;
    return { status, incidents: items?.map(({ record }) => record.data.incident), before };
  };

  it("reads page after page, newest first, to the end", async () => {
    const seen: string[] = [];
    for (let before: string | null = ""; before !== null; ) {
      const page = await read(`site=compound&limit=2${before === "" ? "" : `&before=${encodeURIComponent(before)}`}`);
      seen.push(...page.incidents);
      before = page.before;
    }
    expect(seen).toEqual(["i4", "i3", "i2", "i1", "i0"]);
  });

  it.each([
    ["zone=north&edge=gatehouse&site=compound", ["i4", "i3", "i2", "i1", "i0"]],
    ["incident=i3", ["i3"]],
    ["type=area.armed", []],
    [`type=zone.breached&from=${when(1000)}&to=${when(3000)}`, ["i2", "i1"]],
    // The same moment in another zone of the world.
    [`site=compound&from=${encodeURIComponent(when(4000).replace("Z", "+00:00"))}`, ["i4"]],
  ])("finds %s", async (query, incidents) => {
    expect(await read(query)).toMatchObject({ status: 200, incidents });
  });

  const leap = "2016-12-31T23:59:60Z";
  it.each(["before=yesterday", "from=soon", `from=${leap}`, `to=${leap}`, "limit=0", "limit=5000", "hash=h"])(
    "refuses %s",
    async (query) => {
      expect((await read(query)).status).toBe(400);
    },
  );

  it("is for those who have come in", async () => {
    expect((await hub.call("GET", "/api/v1/history")).status).toBe(401);
  });
});
