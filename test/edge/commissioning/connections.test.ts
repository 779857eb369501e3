// Who finds room at the box's HTTP when somebody takes all that he can get.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  addressOf,
  createConnections,
  type FarEnd,
  limitConnections,
} from "../../../edge/commissioning/connections.js";
import { until } from "../../support/until.js";

const limits = { fromElsewhere: 6, perAddress: 3, fromHere: 2 };

function setUp() {
  const connections = createConnections(limits);
  const ended: string[] = [];
  let port = 0;
  const take = (remoteAddress: string) => {
    port += 1;
    const from: FarEnd = { remoteAddress, remotePort: port };
    return { from, taken: connections.take(from, () => ended.push(remoteAddress)) };
  };
  const many = (address: string, count: number) => Array.from({ length: count }, () => take(address).taken);
  return { connections, ended, take, many };
}

describe("connections to the box's page", () => {
  it("are fewer from one address than there are in all, so that one phone keeps nobody out", () => {
    const { many, ended } = setUp();
    expect(many("10.0.0.66", 5)).toEqual([true, true, true, false, false]);
    expect(many("10.0.0.7", 3)).toEqual([true, true, true]);
    expect(ended).toEqual([]);
  });

  it("from this machine have room of their own", () => {
    const { many } = setUp();
    many("10.0.0.66", 3);
    many("10.0.0.67", 3);
    expect([...many("127.0.0.1", 1), ...many("::1", 1), ...many("::ffff:127.0.0.1", 1)]).toEqual([true, true, false]);
  });

  it("of strangers give way, the longest-open first, when somebody with many addresses has taken all", () => {
    const { connections, take, ended } = setUp();
    const guard = take("10.0.0.7");
    connections.know(guard.from);
    for (let each = 1; each < limits.fromElsewhere; each += 1) take(`10.0.1.${each}`);
    expect(take("10.0.0.8").taken).toBe(true);
    expect(ended).toEqual(["10.0.1.1"]);
  });

  it("of people who are logged in give way to nobody", () => {
    const { connections, take } = setUp();
    for (let each = 0; each < limits.fromElsewhere; each += 1) connections.know(take(`10.0.0.${each}`).from);
    expect(take("10.0.1.1").taken).toBe(false);
  });

  it("leave their room behind", () => {
    const { connections, take, many } = setUp();
    const first = take("10.0.0.7");
    many("10.0.0.7", 2);
    connections.leave(first.from);
    expect(many("10.0.0.7", 2)).toEqual([true, false]);
  });

  it("beyond the limit are hung up on and told of, and the others are served on", async () => {
    const server = createServer((socket) => socket.on("data", (data) => socket.write(data)));
    const told: string[] = [];
    let gone = 0;
    limitConnections(server, createConnections(limits), (detail) => told.push(detail));
    server.on("connection", (socket) => socket.once("close", () => (gone += 1)));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const dial = () => connect((server.address() as AddressInfo).port, "127.0.0.1");
    const isServed = async (socket: Socket) => {
      socket.on("error", () => undefined);
      socket.write("hello");
      return Promise.race([once(socket, "data").then(() => true), once(socket, "close").then(() => false)]);
    };
    const first = dial();
    const second = dial();
    expect([await isServed(first), await isServed(second), await isServed(dial())]).toEqual([true, true, false]);
    expect(told).toEqual(["127.0.0.1: too many connections"]);
    for (const each of [first, second]) each.destroy();
    await until("both are gone", async () => gone === 3);
    expect(await isServed(dial())).toBe(true);
    server.close();
  });

  it.each([
    ["::ffff:10.0.0.7", "10.0.0.7"],
    ["fe80::1%wlan0", "fe80::1"],
    ["2001:db8::7", "2001:db8::7"],
    [undefined, ""],
  ])("from %s count as from %s", (remoteAddress, address) => expect(addressOf({ remoteAddress })).toBe(address));
});
