// A person's order on its way to the controller, and facts of the box's HTTP on their way to the journal.
import type { Command, CommandResult } from "../../model/command.js";
import type { Fact } from "../../model/fact.js";

export interface CommandAsk {
  readonly command: Command;
}
export type CommandReply = CommandResult;

export interface RecordAsk {
  readonly facts: readonly Fact[];
  /** Who gave a PIN under duress: the silent hold-up waits for no record. */
  readonly duressBy?: string;
}
/** Given when they are durable. */
export interface RecordReply {
  readonly recorded: number;
}
