// A box's uplink over a real journal on a simulated disk, and the hubs behind its two addresses, in virtual time.
import { openLog } from "../../../edge/journal/log.js";
import type { Command } from "../../../edge/model/command.js";
import type { Trouble } from "../../../edge/model/error.js";
import type { Lane } from "../../../edge/model/record.js";
import { Uplink } from "../../../edge/uplink/uplink.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { createSimulatedDisk } from "../../support/simulated-disk.js";
import { createSimulatedHub } from "../../support/simulated-link.js";

export const settled = async () => {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
};

export async function setUp() {
  const machine = manualMachine();
  const troubles: Trouble[] = [];
  const onTrouble = (trouble: Trouble) => troubles.push(trouble);
  const disk = createSimulatedDisk();
  const journal = await openLog({
    disk: disk.mount(),
    machine,
    options: journalOptions,
    memory: noMemory,
    durable: true,
    onTrouble,
  });
  const hubs = [createSimulatedHub(), createSimulatedHub()] as const;
  const commands: Command[] = [];
  const uplink = new Uplink({
    site: "office",
    edge: "box",
    links: hubs.map(({ link }) => link),
    source: {
      epoch: () => journal.status().epoch,
      heads: () => journal.heads(),
      acknowledged: () => journal.acknowledged(),
      read: journal.read.bind(journal),
      acknowledge: journal.acknowledge.bind(journal),
    },
    machine,
    async onCommand(command) {
      commands.push(command);
      return { id: command.id, ok: true, code: "" };
    },
    onTrouble,
  });
  async function record(lane: Lane, count: number) {
    for (let at = 0; at < count; at += 1) await journal.append([draft(lane, `${lane} ${at}`)], true);
    uplink.wake();
    await settled();
  }
  async function connect(hub = hubs[0]) {
    hub.up();
    hub.state();
    await settled();
  }
  uplink.start();
  return { machine, journal, disk, hub: hubs[0], second: hubs[1], uplink, commands, troubles, record, connect };
}
