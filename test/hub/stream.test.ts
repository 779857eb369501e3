// The event stream and its readers: what one that was away gets, and what becomes of one that does not read.
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Change } from "../../hub/console/projections.js";
import { createStream, readersMax, replayMax, type Stream } from "../../hub/console/stream.js";

const change = (number: string): Change => ({
  kind: "work-order",
  view: {
    site: "s",
    edge: "e",
    number,
    device: "d",
    deviceName: { zh: "d", en: "d" },
    cause: "c",
    openedAt: "2026-06-01T12:00:00.000Z",
    state: "open",
    assignedAt: null,
    fixedAt: null,
    verifiedAt: null,
    by: "",
    note: "",
    overdue: false,
    pass: null,
  },
});

describe("the stream", () => {
  const server = createServer((request, response) => {
    const last = request.headers["last-event-id"];
    const opened = stream.open(response, last === undefined ? null : Number(last), {
      isWelcome: async () => true,
      operator: null,
    });
    if (!opened) response.writeHead(429).end();
  });
  let stream: Stream;
  let port: number;

  beforeEach(async () => {
    stream = createStream(() => [change("present")], 1000);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    stream.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Collects the numbers of the work orders that come. */
  const read = (lastEventId?: number) => {
    const numbers: string[] = [];
    const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
    get({ host: "127.0.0.1", port, headers }, (response) => {
      let rest = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        const events = (rest + text).split("\n\n");
        rest = events.pop() ?? "";
        numbers.push(...events.flatMap((event) => /"number":"([^"]{1,20})"/.exec(event)?.[1] ?? []));
      });
    }).on("error", () => numbers.push("cut"));
    return numbers;
  };

  it.each([
    { name: "what it has missed", last: 1001, gets: ["2", "3"] },
    { name: "nothing when it has missed nothing", last: 1003, gets: [] },
    { name: "everything as it stands when it comes from an earlier run", last: 7, gets: ["present"] },
    { name: "everything as it stands when its last event lies in the future", last: 5000, gets: ["present"] },
  ])("gives one that comes back $name, then what follows", async ({ last, gets }) => {
    stream.publish(["1", "2", "3"].map(change));
    const numbers = read(last);
    await vi.waitFor(() => expect(stream.readers()).toBe(1));
    stream.publish([change("live")]);
    await vi.waitFor(() => expect(numbers).toEqual([...gets, "live"]));
  });

  it("keeps a bounded number of events", async () => {
    stream.publish(Array.from({ length: replayMax + 1 }, (_, number) => change(String(number))));
    const [kept, gone] = [read(1001), read(1000)];
    await vi.waitFor(() => expect([kept.length, gone]).toEqual([replayMax, ["present"]]));
  });

  it("cuts off a reader that does not read, and serves the others", async () => {
    const frozen = get({ host: "127.0.0.1", port }, (response) => response.pause());
    frozen.on("error", () => undefined);
    await vi.waitFor(() => expect(stream.readers()).toBe(1));
    const numbers = read();
    await vi.waitFor(() => expect(stream.readers()).toBe(2));
    const large = change("x".repeat(1024 * 1024));
    await vi.waitFor(() => {
      stream.publish([large]);
      expect(stream.readers()).toBe(1);
    });
    stream.publish([change("after")]);
    await vi.waitFor(() => expect(numbers).toContain("after"));
  });

  it("admits a bounded number of readers", async () => {
    for (let opened = 0; opened <= readersMax; opened += 1) read();
    await vi.waitFor(() => expect(stream.readers()).toBe(readersMax), { timeout: 10_000 });
  });
});
