#!/usr/bin/env node
// The command line's entry: one file per command in scripts/commands.
import { Command } from "commander";
import { configCommand } from "./commands/config.js";
import { demoCommand } from "./commands/demo.js";
import { edgeCommand } from "./commands/edge.js";
import { hubCommand } from "./commands/hub.js";
import { journalCommand } from "./commands/journal.js";
import { simulateCommand } from "./commands/simulate.js";
import { triggerCommand } from "./commands/trigger.js";
import { version } from "./version.js";

const program = new Command("portcullis")
  .description("Perimeter guard: a box that acts in time, a hub that feeds control rooms. 周界防护：现场主机与平台。")
  .version(version)
  .showHelpAfterError()
  .addCommand(demoCommand())
  .addCommand(edgeCommand())
  .addCommand(hubCommand())
  .addCommand(simulateCommand())
  .addCommand(triggerCommand())
  .addCommand(configCommand())
  .addCommand(journalCommand());

await program.parseAsync();
