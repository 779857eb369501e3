// Reads what the hub sends. Everything from outside is checked by shape and size before it is used.
import { type Act, type ActKind, type CommandMessage, type Role, roles, type WorkOrderMove } from "../model/command.js";
import { type DriveDirection, type DriveMode, driveModes } from "../model/drive-run.js";
import { type PostureLevel, postureLevels, type RiskColour, riskColours } from "../model/plan.js";
import { type LaneHead, lanes } from "../model/record.js";

const payloadCharactersMax = 64 * 1024;
const headsMax = 1000;
const textCharactersMax = 256;
const reasonCharactersMax = 500;
const issuersMax = 4;
const idsMax = 512;
const ttlMsMax = 60_000;
const forMsMax = 31 * 24 * 60 * 60 * 1000;

/** What is wrong with a message, for people. */
export class InvalidMessage extends Error {}

/** What the hub has on its disk. */
export interface Statement {
  readonly heads: readonly LaneHead[];
  /** `part`: only of lanes that have moved; `all`: whatever else is on its way may be lost. Null: an older hub does not say. */
  readonly scope: "all" | "part" | null;
}

/** `{"heads":[...],"scope":"all"}` of `.../ack`. Throws InvalidMessage. */
export function parseAck(payload: string): Statement {
  const { heads, scope } = parseObject(payload);
  if (!Array.isArray(heads) || heads.length > headsMax) throw new InvalidMessage("heads is no list, or too long");
  return { heads: heads.map(asHead), scope: scope === "all" || scope === "part" ? scope : null };
}

function asHead(value: unknown): LaneHead {
  const { epoch, lane, sequence, hash } = asObject(value, "head");
  const known = lanes.find((name) => name === lane);
  if (known === undefined) throw new InvalidMessage("unknown lane");
  if (!Number.isSafeInteger(sequence) || Number(sequence) < 0) throw new InvalidMessage("sequence is no count");
  return { epoch: asText(epoch, "epoch"), lane: known, sequence: Number(sequence), hash: asText(hash, "hash") };
}

/** A CommandMessage of `.../command`. Throws InvalidMessage. */
export function parseCommand(payload: string): CommandMessage {
  const { id, issuers, roles: held, reason, duress, act, session, ttlMs } = parseObject(payload);
  if (typeof ttlMs !== "number" || !(ttlMs > 0 && ttlMs <= ttlMsMax)) throw new InvalidMessage("ttlMs is out of range");
  const people = asTexts(issuers, "issuers", issuersMax);
  if (people.length === 0) throw new InvalidMessage("issuers is empty");
  if (duress !== undefined && typeof duress !== "boolean") throw new InvalidMessage("duress is neither true nor false");
  return {
    id: asText(id, "id"),
    issuers: people,
    reason: asNote(reason, "reason", reasonCharactersMax),
    ...(held === undefined ? {} : { roles: asRoles(held) }),
    ...(duress === undefined ? {} : { duress }),
    act: parseAct(asObject(act, "act")),
    session: asText(session, "session"),
    ttlMs,
  };
}

function asRoles(value: unknown): readonly Role[] {
  return asTexts(value, "roles", issuersMax).map((text) => {
    const role = roles.find((known) => known === text);
    if (role === undefined) throw new InvalidMessage("unknown role");
    return role;
  });
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

const directions: readonly DriveDirection[] = ["open", "close"];
const workOrderMoves: readonly WorkOrderMove[] = ["assigned", "fixed", "verified"];

type Decoder<K extends ActKind> = (fields: Fields) => Extract<Act, { kind: K }>;

const acts: { readonly [K in ActKind]: Decoder<K> } = {
  "lock-down": ({ group }) => ({ kind: "lock-down", group: asText(group, "group") }),
  "stand-down": ({ group, barriers }) => ({
    kind: "stand-down",
    group: asText(group, "group"),
    barriers: asIds(barriers, "barriers"),
  }),
  acknowledge: ({ incident }) => ({ kind: "acknowledge", incident: asText(incident, "incident") }),
  silence: () => ({ kind: "silence" }),
  reset: ({ incident }) => ({ kind: "reset", incident: asText(incident, "incident") }),
  arm: ({ area, despite }) => ({
    kind: "arm",
    area: asText(area, "area"),
    ...(despite === true ? { despite } : {}),
  }),
  disarm: ({ area }) => ({ kind: "disarm", area: asText(area, "area") }),
  isolate: ({ zone, forMs }) => ({
    kind: "isolate",
    zone: asText(zone, "zone"),
    forMs: forMs === null ? null : asSpan(forMs, "forMs"),
  }),
  inhibit: ({ zone }) => ({ kind: "inhibit", zone: asText(zone, "zone") }),
  reinstate: ({ zone }) => ({ kind: "reinstate", zone: asText(zone, "zone") }),
  "take-out-for-repair": ({ zone, guard, forMs }) => ({
    kind: "take-out-for-repair",
    zone: asText(zone, "zone"),
    guard: asText(guard, "guard"),
    forMs: asSpan(forMs, "forMs"),
  }),
  "set-posture": ({ level, issuer, reference, leader }) => ({
    kind: "set-posture",
    level: oneOf<PostureLevel>(level, postureLevels, "level"),
    issuer: asText(issuer, "issuer"),
    reference: asText(reference, "reference"),
    leader: leader === null ? null : asText(leader, "leader"),
  }),
  "declare-risk": ({ colour, issuer, reference }) => ({
    kind: "declare-risk",
    colour: oneOf<RiskColour>(colour, riskColours, "colour"),
    issuer: asText(issuer, "issuer"),
    reference: asText(reference, "reference"),
  }),
  "let-pass": ({ barrier, forMs }) => ({
    kind: "let-pass",
    barrier: asText(barrier, "barrier"),
    forMs: asSpan(forMs, "forMs"),
  }),
  open: ({ barrier }) => ({ kind: "open", barrier: asText(barrier, "barrier") }),
  report: ({ step }) => ({ kind: "report", step: asText(step, "step") }),
  "work-order": ({ number, to, note }) => ({
    kind: "work-order",
    number: asText(number, "number"),
    to: oneOf<WorkOrderMove>(to, workOrderMoves, "to"),
    note: asNote(note, "note"),
  }),
  "duty-done": ({ duty, note }) => ({ kind: "duty-done", duty: asText(duty, "duty"), note: asNote(note, "note") }),
  "self-test": () => ({ kind: "self-test" }),
  "start-drill": ({ drill, zones, forMs }) => ({
    kind: "start-drill",
    drill: asText(drill, "drill"),
    zones: asIds(zones, "zones"),
    forMs: asSpan(forMs, "forMs"),
  }),
  "end-drill": () => ({ kind: "end-drill" }),
  "start-walk-test": ({ zones, forMs }) => ({
    kind: "start-walk-test",
    zones: asIds(zones, "zones"),
    forMs: asSpan(forMs, "forMs"),
  }),
  "end-walk-test": () => ({ kind: "end-walk-test" }),
  // Read, so that the attempt is on record under its own name; the controller refuses what was not ordered on site.
  "lock-out": ({ barrier, note }) => ({
    kind: "lock-out",
    barrier: asText(barrier, "barrier"),
    note: asNote(note, "note"),
  }),
  "clear-lock-out": ({ barrier }) => ({ kind: "clear-lock-out", barrier: asText(barrier, "barrier") }),
  "test-run": ({ barrier, direction, mode }) => ({
    kind: "test-run",
    barrier: asText(barrier, "barrier"),
    direction: oneOf(direction, directions, "direction"),
    mode: oneOf<DriveMode>(mode, driveModes, "mode"),
  }),
  "hold-run": ({ barrier, direction }) => ({
    kind: "hold-run",
    barrier: asText(barrier, "barrier"),
    direction: oneOf(direction, directions, "direction"),
  }),
  "end-run": ({ barrier }) => ({ kind: "end-run", barrier: asText(barrier, "barrier") }),
  "test-annunciator": ({ annunciator, forMs }) => ({
    kind: "test-annunciator",
    annunciator: asText(annunciator, "annunciator"),
    forMs: asSpan(forMs, "forMs"),
  }),
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

/** Words of a person; may be empty. */
function asNote(value: unknown, name: string, charactersMax = textCharactersMax): string {
  if (typeof value === "string" && value.length <= charactersMax) return value;
  throw new InvalidMessage(`${name} is no text, or too long`);
}

function asIds(value: unknown, name: string): readonly string[] {
  return asTexts(value, name, idsMax);
}

function asTexts(value: unknown, name: string, max: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) throw new InvalidMessage(`${name} is no list, or too long`);
  return value.map((item) => asText(item, name));
}

function asSpan(value: unknown, name: string): number {
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= forMsMax) return Number(value);
  throw new InvalidMessage(`${name} is no whole number of milliseconds up to 31 days`);
}

function oneOf<T extends string>(value: unknown, words: readonly T[], name: string): T {
  const known = words.find((word) => word === value);
  if (known === undefined) throw new InvalidMessage(`${name} is none of ${words.join(", ")}`);
  return known;
}
