// kill -9 of a box while a technician stands in a drive, and a journal that cannot be read any more: the drive stays locked out. Once more
// without the file beside the journal: then every drive does, until two people have looked.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { type Person, writePeople } from "../../edge/commissioning/people/people.js";
import { hashPin } from "../../edge/commissioning/people/pin.js";
import type { DrivesReply } from "../../edge/commissioning/questions/drives.js";
import type { SealReply } from "../../edge/commissioning/questions.js";
import { boxIssuer } from "../../edge/model/drive-run.js";
import { smallSite } from "../contract/small-box.js";
import { entry } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { until } from "../support/until.js";

vi.setConfig({ testTimeout: 300_000 });

const startWithinMs = 120_000;
const pins = { tech: "285306", chen: "604827" } as const;
const roles = { tech: "technician", chen: "supervisor" } as const;
type Name = keyof typeof pins;

let child: ChildProcess | null = null;
const kill = async () => {
  if (child !== null) await endProcess(child);
};
afterAll(kill);

async function person(name: Name): Promise<Person> {
  const made = { duressPin: null, disabled: false, changedBy: "test", changedAt: "2026-11-27T00:00:00Z" };
  return { name, roles: [roles[name]], pin: await hashPin(pins[name]), ...made };
}

async function makeBox() {
  const dataDir = testFolder();
  const [http = 0, broker = 0] = await freePorts(2);
  const file = join(dataDir, "given.yaml");
  writeFileSync(file, smallSite({ revision: 1, http, broker }));
  writePeople(dataDir, [await person("tech"), await person("chen")]);
  const url = `http://127.0.0.1:${http}/api/v1`;
  const post = async (path: string, body: object, token = "") => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return {
      status: answer.status,
      body: (await answer.json()) as { readonly token?: string; readonly code?: string },
    };
  };
  const get = async <T>(path: string) => (await (await fetch(`${url}/${path}`)).json()) as T;
  return {
    dataDir,
    async start() {
      child = spawn(process.execPath, [entry, "edge", "--config", file, "--edge", "box", "--data", dataDir], {
        stdio: "ignore",
      });
      await until("the box answers", () => get<DrivesReply>("drives").then(({ drives }) => drives), startWithinMs);
    },
    async order(name: Name, order: object) {
      const { body } = await post("sessions", { name, pin: pins[name] });
      return post("commands", { reason: "test", ...order }, body.token);
    },
    lockOut: async () => (await get<DrivesReply>("drives")).drives[0]?.lockOut ?? null,
    obstacles: async () => (await get<SealReply>("seal")).groups[0]?.barriers[0]?.obstacles,
  };
}

/** Every segment is damaged behind its header, as by a card that dies. */
function ruinJournal(dataDir: string): void {
  const folder = join(dataDir, "journal");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".seg"))) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), bytes.fill(0x5a, Math.min(64, bytes.length)));
  }
}

it("a drive in which somebody works stays locked out, whatever a dying disk leaves of the journal", async () => {
  const box = await makeBox();
  await box.start();
  const act = { kind: "lock-out", barrier: "boom", note: "new seal" };
  expect(await box.order("tech", { act })).toMatchObject({ status: 200 });
  await kill();
  ruinJournal(box.dataDir);
  await box.start();
  expect(await box.lockOut()).toMatchObject({ by: "tech", note: "new seal" });

  await kill();
  ruinJournal(box.dataDir);
  rmSync(join(box.dataDir, "lock-outs.json"));
  await box.start();
  expect(await box.lockOut()).toMatchObject({ by: boxIssuer });
  await box.order("chen", { act: { kind: "lock-down", group: "lane" } });
  expect(await box.obstacles()).toContain("locked-out");
  const clear = { act: { kind: "clear-lock-out", barrier: "boom" } };
  expect(await box.order("tech", clear)).toMatchObject({ status: 403, body: { code: "command.needs-two-persons" } });
  expect(await box.order("chen", { ...clear, second: { name: "tech", pin: pins.tech } })).toMatchObject({
    status: 200,
  });

  await kill();
  await box.start();
  expect(await box.lockOut()).toBeNull();
});
