// The clock of a box is set by hours, forward and back, while its secured OPC UA driver is connected.
import { fork } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StatusCodes } from "node-opcua";
import { expect, it, vi } from "vitest";
import { createOpcuaDriver } from "../../edge/field/opcua/driver.js";
import { keep, pkiFolder } from "../../edge/field/opcua/pki-folder.js";
import { monoNow } from "../../edge/machine/clock.js";
import type { Sample, WriteResult } from "../../edge/model/point.js";
import { fakedClock, withoutFaketime } from "../support/faketime.js";
import { endProcess } from "../support/processes.js";
import { bollardConfig, startBollardServer } from "./bollard-server.js";
import { listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const dayMs = 86_400_000;
const waiting = { timeout: 40_000, interval: 20 };

const security = { mode: "sign-and-encrypt", userCertificate: true } as const;

interface Told {
  readonly kind: "sample" | "result" | "link" | "trouble";
  readonly value: unknown;
  readonly detail?: string;
  readonly mono: number;
  readonly wall: number;
}

it("checks no dates by a clock that is behind the journal's newest record", async (context) => {
  if (realMachine.clock.now().clock === "synchronised") return context.skip("a time source disciplines this clock");
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-opcua-clock-"));
  const server = await startBollardServer("secured");
  keep(pkiFolder(dataDir, "bollards"), "trusted", new X509Certificate(server.certificate));
  const config = { ...bollardConfig(`opc.tcp://127.0.0.1:${server.port}`), security };
  const driver = createOpcuaDriver(config, { ...realMachine, dataDir, wallFloorMs: Date.now() + dayMs });
  const heard = listen();
  try {
    await driver.open(heard.events);
    await vi.waitFor(() => expect(heard.links.map(({ up }) => up)).toEqual([true]), waiting);
    expect(heard.troubles).toContainEqual(expect.objectContaining({ code: "field.dates-unchecked" }));
  } finally {
    await driver.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 60_000);

it("keeps its values flowing and its stamps in order while the clock is set by hours, and checks no dates before it was set", async (context) => {
  if (withoutFaketime !== null) return context.skip(withoutFaketime);
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-opcua-clock-"));
  const server = await startBollardServer("secured");
  const clockFile = join(dataDir, "clock");
  const setClock = (setting: string) => writeFileSync(clockFile, setting);
  keep(pkiFolder(dataDir, "bollards"), "trusted", new X509Certificate(server.certificate));
  const config = { ...bollardConfig(`opc.tcp://127.0.0.1:${server.port}`), security };
  setClock("-60y");
  const box = fork(join(import.meta.dirname, "opcua-clock.mjs"), [JSON.stringify({ config, dataDir })], {
    env: fakedClock(clockFile),
  });
  const told: Told[] = [];
  box.on("message", (message) => told.push(message as Told));
  const samples = () => told.filter(({ kind }) => kind === "sample").map(({ value }) => value as Sample);
  const closed = () => samples().findLast(({ point }) => point === "closed")?.value;
  const links = () => told.filter(({ kind }) => kind === "link").map(({ value }) => value);
  try {
    await vi.waitFor(() => expect(links()).toEqual([true]), waiting);
    const unchecked = { kind: "trouble", value: "field.dates-unchecked" };
    expect(told).toContainEqual(expect.objectContaining(unchecked));
    expect(new Date(told.at(-1)?.wall ?? Number.NaN).getFullYear()).toBeLessThan(2026);
    const own = readFileSync(join(pkiFolder(dataDir, "bollards"), "own/certs/client_certificate.pem"));
    expect(Date.parse(new X509Certificate(own).validTo)).toBeGreaterThan(Date.now());

    for (const [index, setting] of ["+0", "+7h", "-5h", "+30d", "+0"].entries()) {
      const isClosed = index % 2 === 0;
      setClock(setting);
      server.setContact(isClosed, StatusCodes.Good);
      await vi.waitFor(() => expect(closed()).toBe(isClosed), waiting);
      box.send({ id: setting + index, point: "demand", value: isClosed ? "close" : "open" });
      await vi.waitFor(() => {
        const result = told.findLast(({ kind }) => kind === "result")?.value as WriteResult | undefined;
        expect(result).toMatchObject({ id: setting + index, ok: true });
      }, waiting);
    }
    expect(links()).toEqual([true]);
    for (const point of new Set(samples().map((sample) => sample.point))) {
      const own = samples().flatMap((sample) => (sample.point === point ? [sample.occurredAt] : []));
      expect(own, point).toEqual(own.toSorted((one, other) => one - other));
    }
    const stamps = samples().map(({ occurredAt }) => occurredAt);
    const now = monoNow();
    expect(stamps.every((stamp) => stamp > now - 300_000 && stamp <= now)).toBe(true);
  } finally {
    await endProcess(box);
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 240_000);
