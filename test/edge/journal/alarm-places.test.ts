// Alarms overtake a backlog of any length: they are found without reading what lies between them (rule 10).
import { beforeEach, describe, expect, it } from "vitest";
import { openLog } from "../../../edge/journal/log.js";
import type { Disk } from "../../../edge/machine/ports.js";
import type { Trouble } from "../../../edge/model/error.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { createSimulatedDisk, type SimulatedDisk } from "../../support/simulated-disk.js";

const perAlarm = 40;
const alarms = 20;
let device: SimulatedDisk;
let troubles: Trouble[];

/** A disk that counts what is read of segments. */
function counting(disk: Disk): { disk: Disk; read: () => number } {
  let bytes = 0;
  const open: Disk["open"] = async (name, mode) => {
    const file = await disk.open(name, mode);
    const read = async (offset: number, length: number) => {
      if (name.endsWith(".seg")) bytes += length;
      return file.read(offset, length);
    };
    return { ...file, read };
  };
  return { disk: { ...disk, open }, read: () => bytes };
}

const start = (disk: Disk) =>
  openLog({
    disk,
    machine: manualMachine(),
    memory: noMemory,
    options: journalOptions,
    durable: true,
    onTrouble: (trouble) => troubles.push(trouble),
  });

async function textsOfAlarms(disk: Disk): Promise<{ texts: unknown[]; bytes: number }> {
  const counted = counting(disk);
  const log = await start(counted.disk);
  const before = counted.read();
  const records = await log.read({ epoch: log.status().epoch, lane: "alarm", sequence: 1 }, alarms);
  const bytes = counted.read() - before;
  await log.close();
  return { texts: records.map(({ data }) => data["text"]), bytes };
}

const expected = Array.from({ length: alarms }, (_, at) => `alarm ${at}`);

describe("the alarms of a long backlog", () => {
  beforeEach(async () => {
    device = createSimulatedDisk();
    troubles = [];
    const log = await start(device.mount());
    for (let at = 0; at < alarms; at += 1) {
      await log.append([draft("alarm", `alarm ${at}`)], true);
      await log.append(
        Array.from({ length: perAlarm }, () => draft("telemetry", "x".repeat(400))),
        true,
      );
    }
    await log.close();
  });

  it("are read without the records between them, also after a restart", async () => {
    const { texts, bytes } = await textsOfAlarms(device.mount());
    expect(texts).toEqual(expected);
    expect(bytes).toBeLessThan(alarms * perAlarm * 40);
  });

  it.each([
    ["are gone", async (disk: Disk, name: string) => disk.remove(name)],
    [
      "are spoilt",
      async (disk: Disk, name: string) => {
        const file = await disk.open(name, "append");
        await file.write(4, Buffer.from("?"));
        await file.close();
      },
    ],
  ])("are found by reading all where the notes of their places %s, and then noted again", async (_how, spoil) => {
    const disk = device.mount();
    for (const name of await disk.list()) if (name.endsWith(".alarms")) await spoil(disk, name);
    expect((await textsOfAlarms(device.mount())).texts).toEqual(expected);
    const { texts, bytes } = await textsOfAlarms(device.mount());
    expect(texts).toEqual(expected);
    expect(bytes).toBeLessThan(alarms * perAlarm * 40);
    expect(troubles).toEqual([]);
  });

  it("leave no notes behind when their segment goes", async () => {
    const log = await openLog({
      disk: device.mount(),
      machine: manualMachine(),
      memory: noMemory,
      options: { ...journalOptions, quotaBytes: 160 * 1024, isAlone: true },
      durable: true,
      onTrouble: () => undefined,
    });
    for (let at = 0; at < 100; at += 1) await log.append([draft("telemetry", "x".repeat(2000))], true);
    await log.close();
    const names = await device.mount().list();
    const noted = names.filter((name) => name.endsWith(".alarms")).map((name) => name.replace(/\.alarms$/, ""));
    expect(log.status().retired).toBeGreaterThan(5);
    expect(noted.filter((name) => !names.includes(name))).toEqual([]);
  });
});
