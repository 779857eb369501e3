// Lets a command through once: of the present connection, not retained, within its time on our own monotonic clock.
import type { Command, CommandMessage } from "../model/command.js";
import type { ErrorCode } from "../model/error.js";
import type { MonoMs } from "../model/time.js";
import { InvalidMessage, idIn, parseCommand } from "./messages.js";

/** Ids of executed commands that are remembered; those of earlier connections are refused by their session. */
const idsMax = 1000;

export type Judgement =
  | { readonly ok: true; readonly command: Command; readonly expiresAt: MonoMs }
  | { readonly ok: false; readonly id: string | null; readonly code: ErrorCode; readonly detail: string };

export interface Received {
  readonly payload: string;
  readonly retained: boolean;
  readonly at: MonoMs;
  /** Nonce of the connection on which it came. */
  readonly session: string;
}

export interface CommandGate {
  judge(received: Received): Judgement;
}

export function createCommandGate(): CommandGate {
  const seen = new Set<string>();
  return {
    judge({ payload, retained, at, session }) {
      const message = parse(payload);
      if (message instanceof InvalidMessage) {
        return { ok: false, id: idIn(payload), code: "uplink.message-invalid", detail: message.message };
      }
      const refuse = (code: ErrorCode, detail: string) => ({ ok: false as const, id: message.id, code, detail });
      if (retained) return refuse("command.replayed", "retained by the broker");
      if (message.session !== session) return refuse("command.expired", "of another connection");
      if (seen.has(message.id)) return refuse("command.replayed", "executed before");
      seen.add(message.id);
      const oldest = seen.values().next();
      if (seen.size > idsMax && !oldest.done) seen.delete(oldest.value);
      const { session: _session, ttlMs, ...command } = message;
      return { ok: true, command, expiresAt: at + ttlMs };
    },
  };
}

function parse(payload: string): CommandMessage | InvalidMessage {
  try {
    return parseCommand(payload);
  } catch (error) {
    if (error instanceof InvalidMessage) return error;
    throw error;
  }
}
