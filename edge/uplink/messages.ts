// Reads what the hub sends. Everything from outside is checked by shape and size before it is used.
import type { Act, ActKind, CommandMessage } from "../model/command.js";
import { type LaneHead, lanes } from "../model/record.js";

const payloadCharactersMax = 64 * 1024;
const headsMax = 1000;
const textCharactersMax = 500;
const issuersMax = 4;
const barriersMax = 100;
const ttlMsMax = 60_000;

/** What is wrong with a message, for people. */
export class InvalidMessage extends Error {}

/** `{"heads":[...]}` of `.../ack`. Throws InvalidMessage. */
export function parseAck(payload: string): readonly LaneHead[] {
  const heads = parseObject(payload)["heads"];
  if (!Array.isArray(heads) || heads.length > headsMax) throw new InvalidMessage("heads is no list, or too long");
  return heads.map((head: unknown) => {
    const { epoch, lane, sequence, hash } = asObject(head, "head");
    const known = lanes.find((name) => name === lane);
    if (known === undefined) throw new InvalidMessage("unknown lane");
    if (!Number.isSafeInteger(sequence) || Number(sequence) < 0) throw new InvalidMessage("sequence is no count");
    return { epoch: asText(epoch, "epoch"), lane: known, sequence: Number(sequence), hash: asText(hash, "hash") };
  });
}

/** A CommandMessage of `.../command`. Throws InvalidMessage. */
export function parseCommand(payload: string): CommandMessage {
  const { id, issuers, reason, act, session, ttlMs } = parseObject(payload);
  if (typeof ttlMs !== "number" || !(ttlMs > 0 && ttlMs <= ttlMsMax)) throw new InvalidMessage("ttlMs is out of range");
  const people = asTexts(issuers, "issuers", issuersMax);
  if (people.length === 0) throw new InvalidMessage("issuers is empty");
  if (typeof reason !== "string" || reason.length > textCharactersMax) throw new InvalidMessage("reason is no text");
  return {
    id: asText(id, "id"),
    issuers: people,
    reason,
    act: parseAct(asObject(act, "act")),
    session: asText(session, "session"),
    ttlMs,
  };
}

/** The id of a message that is otherwise invalid, so that it can be answered; null when it has none. */
export function idIn(payload: string): string | null {
  try {
    return asText(parseObject(payload)["id"], "id");
  } catch (error) {
    if (error instanceof InvalidMessage) return null;
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const acts: { readonly [K in ActKind]: (fields: Fields) => Extract<Act, { kind: K }> } = {
  "lock-down": ({ group }) => ({ kind: "lock-down", group: asText(group, "group") }),
  "stand-down": ({ group, barriers }) => ({
    kind: "stand-down",
    group: asText(group, "group"),
    barriers: asTexts(barriers, "barriers", barriersMax),
  }),
  acknowledge: ({ incident }) => ({ kind: "acknowledge", incident: asText(incident, "incident") }),
  silence: () => ({ kind: "silence" }),
  reset: ({ incident }) => ({ kind: "reset", incident: asText(incident, "incident") }),
  arm: ({ area }) => ({ kind: "arm", area: asText(area, "area") }),
  disarm: ({ area }) => ({ kind: "disarm", area: asText(area, "area") }),
};

function parseAct(fields: Fields): Act {
  const { kind } = fields;
  if (typeof kind !== "string" || !Object.hasOwn(acts, kind)) throw new InvalidMessage("unknown kind of act");
  return acts[kind as ActKind](fields);
}

function parseObject(payload: string): Fields {
  if (payload.length > payloadCharactersMax) throw new InvalidMessage(`longer than ${payloadCharactersMax} characters`);
  try {
    return asObject(JSON.parse(payload), "message");
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new InvalidMessage("no JSON", { cause });
    throw cause;
  }
}

function asObject(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidMessage(`${name} is no object`);
  return value as Fields;
}

function asText(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "" && value.length <= textCharactersMax) return value;
  throw new InvalidMessage(`${name} is no text, empty or too long`);
}

function asTexts(value: unknown, name: string, max: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) throw new InvalidMessage(`${name} is no list, or too long`);
  return value.map((item) => asText(item, name));
}
