// Control rooms whose programs are not ours: python3-zmq, mosquitto_sub and mosquitto_rr, curl. Frozen, killed, away, and with the
// hub started anew, each ends with every alarm once and in order, and none of them notices another.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type BoxConnection, breachData, connectBox, createJournal, inventory } from "../hub/box.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { mosquittoSub, withoutClients } from "./mosquitto.js";

const until = { timeout: 60_000, interval: 50 };
const python = "/usr/bin/python3";
const curl = "/usr/bin/curl";
const mosquittoRequest = "/usr/bin/mosquitto_rr";
const pythonZmq = "/usr/lib/python3/dist-packages/zmq";
const withoutZmq = existsSync(python) && existsSync(pythonZmq) ? null : "python3-zmq is missing (Debian package)";
const withoutCurl = existsSync(curl) ? null : `${curl} is missing (Debian package curl)`;
const why = (reason: string | null) => (reason === null ? "" : ` (skipped: ${reason})`);

describe("control rooms of others", () => {
  let hub: TestHub;
  let box: BoxConnection;
  let token: string;
  const journal = createJournal("compound", "gatehouse");
  const keys: string[] = [];
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    const rooms = [{ name: "room-a", role: "operator" as const }];
    const [publishPort = 0, requestPort = 0] = await freePorts(2);
    const zeromq = { host: "127.0.0.1", publishPort, requestPort };
    hub = await startTestHub({ zeromq, outlets: { mqtt: { host: "127.0.0.1", port: 0, rooms } } });
    token = await hub.hub.issueToken("wang", "operator", 1);
    box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
    journal.add("config.applied", { revision: 3, hash: "h", inventory });
    box.send("state", journal.records);
    const { ca, cert, key } = hub.tls("room-a");
    for (const [name, pem] of Object.entries({ ca, cert, key }))
      writeFileSync(join(hub.folder, `room.${name}`), pem, { mode: 0o600 });
  }, 60_000);
  afterEach(async () => {
    await Promise.all([...children].map((child) => endProcess(child)));
    children.clear();
  });
  afterAll(async () => {
    await box.end();
    await hub.close();
  });

  /** So many alarms, at the hub when it resolves. */
  async function happen(count: number): Promise<void> {
    const from = journal.records.length;
    for (let made = 0; made < count; made += 1) {
      const incident = `i${keys.length + 1}`;
      keys.push(`${incident}/north/breach`);
      journal.add("zone.breached", breachData(incident, keys.length));
    }
    box.send("alarm", journal.records.slice(from));
    await vi.waitFor(() => expect(box.heads.get("epoch-1/alarm")).toBe(journal.head("alarm").sequence), until);
  }

  function start(program: string, args: readonly string[], input: string, hear: (line: string) => void): ChildProcess {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    children.add(child);
    child.stdin.end(`${input}\n`);
    createInterface({ input: child.stdout }).on("line", hear);
    return child;
  }

  function startZmq(heard: { sequence: number; key: string }[]): ChildProcess {
    const { ports } = hub.hub;
    const input = JSON.stringify({
      server: hub.curve.publicKey,
      public: hub.listener.publicKey,
      secret: hub.listener.secretKey,
      publish: `tcp://127.0.0.1:${ports.publish}`,
      request: `tcp://127.0.0.1:${ports.request}`,
      last: heard.at(-1)?.sequence ?? 0,
    });
    return start(python, ["test/support/zeromq-listener.py"], input, (line) => heard.push(JSON.parse(line)));
  }

  const roomOptions = () => {
    const file = (name: string) => join(hub.folder, `room.${name}`);
    const tls = ["--cafile", file("ca"), "--cert", file("cert"), "--key", file("key")];
    return ["-h", "127.0.0.1", "-p", String(hub.hub.ports.rooms), "-i", "room-a", "-V", "mqttv311", "-q", "1", ...tls];
  };
  const keyOf = (payload: string) => (JSON.parse(payload) as { key: string }).key;

  it.skipIf(withoutZmq !== null)(
    `on python3-zmq: frozen, killed, away over a restart of the hub${why(withoutZmq)}`,
    async () => {
      const steady: { sequence: number; key: string }[] = [];
      const tried: { sequence: number; key: string }[] = [];
      const all = (heard: typeof steady) => vi.waitFor(() => expect(heard.map(({ key }) => key)).toEqual(keys), until);
      startZmq(steady);
      let other = startZmq(tried);
      await happen(20);
      await Promise.all([all(steady), all(tried)]);

      other.kill("SIGSTOP");
      await happen(300);
      await all(steady);
      expect(tried).toHaveLength(20);
      other.kill("SIGCONT");
      await all(tried);

      await endProcess(other);
      await happen(100);
      await box.end();
      await hub.restart();
      box = await connectBox(hub.hub.ports.broker, hub.tls("compound.gatehouse"), "compound", "gatehouse");
      other = startZmq(tried);
      await happen(50);
      await Promise.all([all(steady), all(tried)]);
    },
    180_000,
  );

  it.skipIf(withoutClients !== null)(
    `on mosquitto_sub: killed and away, then everything by a replay with mosquitto_rr${why(withoutClients)}`,
    async () => {
      const heard: string[] = [];
      const listen = () =>
        start(mosquittoSub, [...roomOptions(), "-t", "portcullis/v1/alarms/#", "-F", "%p"], "", (line) =>
          heard.push(keyOf(line)),
        );
      const room = listen();
      await vi.waitFor(() => expect(new Set(heard)).toEqual(new Set(keys)), until);
      const before = heard.length;
      await happen(20);
      await vi.waitFor(() => expect(heard.slice(before)).toEqual(keys.slice(-20)), until);
      await endProcess(room);
      await happen(120);

      const changes: { sequence: number; key: string }[] = [];
      for (let more = true, after = 0; more; ) {
        const root = "portcullis/v1/rooms/room-a";
        const request = ["-t", `${root}/replay`, "-e", `${root}/replayed`, "-m", JSON.stringify({ id: "r", after })];
        const { stdout } = await promisify(execFile)(mosquittoRequest, [...roomOptions(), ...request], {
          timeout: 30_000,
          maxBuffer: 64 * 1024 * 1024,
        });
        const answer = JSON.parse(stdout) as {
          changes: { sequence: number; alarms: { key: string }[] }[];
          more: boolean;
        };
        for (const { sequence, alarms } of answer.changes)
          changes.push(...alarms.map(({ key }) => ({ sequence, key })));
        after = changes.at(-1)?.sequence ?? after;
        more = answer.more;
      }
      expect(changes.map(({ key }) => key)).toEqual(keys);
    },
    180_000,
  );

  it.skipIf(withoutCurl !== null)(
    `on curl: frozen, then resumed by the number of its last event${why(withoutCurl)}`,
    async () => {
      const url = `http://127.0.0.1:${hub.hub.ports.http}/api/v1/stream`;
      const read = (heard: { id: string; key: string }[], last?: string) => {
        // The token on standard input, where no list of processes shows it.
        const config = `header = "authorization: Bearer ${token}"`;
        const resume = last === undefined ? [] : ["-H", `last-event-id: ${last}`];
        const event = { id: "", event: "", data: "" };
        return start(curl, ["-sN", "-K", "-", ...resume, url], config, (line) => {
          const [, name, value = ""] = /^(id|event|data): (.*)$/.exec(line) ?? [];
          if (name !== undefined) event[name as keyof typeof event] = value;
          if (name === "data" && event.event === "alarm") heard.push({ id: event.id, key: keyOf(value) });
          if (line === ": welcome") heard.push({ id: "", key: "welcome" });
        });
      };
      const steady: { id: string; key: string }[] = [];
      const tried: { id: string; key: string }[] = [];
      read(steady);
      const other = read(tried);
      await vi.waitFor(() => expect([steady.length, tried.length]).toEqual([1, 1]), until);
      const before = keys.length;
      await happen(10);
      await vi.waitFor(() => expect(tried).toHaveLength(11), until);
      other.kill("SIGSTOP");
      await happen(200);
      const told = (heard: typeof steady) => heard.map(({ key }) => key).filter((key) => key !== "welcome");
      await vi.waitFor(() => expect(told(steady)).toEqual(keys.slice(before)), until);
      await endProcess(other);
      await happen(30);
      read(tried, tried.at(-1)?.id);
      await vi.waitFor(() => expect(told(tried)).toEqual(keys.slice(before)), until);
    },
    180_000,
  );
});
