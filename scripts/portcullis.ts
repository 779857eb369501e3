#!/usr/bin/env node
// The command line's entry: one file per command in scripts/commands. Only the named command is loaded: a box starts sooner
// when it does not read what a hub needs.
import { Command } from "commander";
import { version } from "./version.js";

// Whatever a library writes into a data folder is readable by the service alone.
process.umask(0o077);

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import("./commands/demo.js")).demoCommand(),
  edge: async () => (await import("./commands/edge.js")).edgeCommand(),
  hub: async () => (await import("./commands/hub.js")).hubCommand(),
  simulate: async () => (await import("./commands/simulate.js")).simulateCommand(),
  trigger: async () => (await import("./commands/trigger.js")).triggerCommand(),
  health: async () => (await import("./commands/health.js")).healthCommand(),
  config: async () => (await import("./commands/config.js")).configCommand(),
  apply: async () => (await import("./commands/apply.js")).applyCommand(),
  seal: async () => (await import("./commands/seal.js")).sealCommand(),
  why: async () => (await import("./commands/why.js")).whyCommand(),
  keys: async () => (await import("./commands/keys.js")).keysCommand(),
  replace: async () => (await import("./commands/replace.js")).replaceCommand(),
  journal: async () => (await import("./commands/journal.js")).journalCommand(),
  evidence: async () => (await import("./commands/evidence.js")).evidenceCommand(),
  gpio: async () => (await import("./commands/gpio.js")).gpioCommand(),
  backup: async () => (await import("./commands/backup.js")).backupCommand(),
  restore: async () => (await import("./commands/backup.js")).restoreCommand(),
  commission: async () => (await import("./commands/commission.js")).commissionCommand(process.argv[3]),
  soak: async () => (await import("./commands/soak.js")).soakCommand(),
};

const program = new Command("portcullis")
  .description("Perimeter guard: a box that acts in time, a hub that feeds control rooms. 周界防护：现场主机与平台。")
  .version(version)
  .showHelpAfterError();

const named = process.argv[2] ?? "";
for (const [name, load] of Object.entries(commands))
  if (name === named || !Object.hasOwn(commands, named)) program.addCommand(await load());
await program.parseAsync();
