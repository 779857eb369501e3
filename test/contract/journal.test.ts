// The journal's contract on the real disk and on the simulated one.
import { openDisk } from "../../edge/machine/disk.js";
import { createMemoryDisk } from "../../edge/machine/memory-disk.js";
import { testFolder } from "../support/folder.js";
import { createSimulatedDisk } from "../support/simulated-disk.js";
import { journalContract } from "./journal.js";

journalContract("a real folder", async () => openDisk(testFolder()));
journalContract("the simulated disk", async () => createSimulatedDisk().mount());
journalContract("memory", async () => createMemoryDisk(16 * 1024 * 1024));
