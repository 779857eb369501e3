// What the ledger's rows say to an alarm receiver: alarms, their ends, and what is armed, taken out or under test. A pure fold.
import type { AlarmMark } from "../../../edge/model/hub-fact.js";
import { lostIncidentType, types } from "../../alarm/acts.js";
import type { LedgerRow } from "../../ledger/ledger.js";
import { type Codes, codesOf, exerciseCodes, plainEvents } from "./codes.js";

/** One message to a receiver. */
export interface Event {
  readonly sia: string;
  readonly cid: string;
  /** Contact ID: 1 new event or opening, 3 restore or closing. */
  readonly qualifier: "1" | "3";
  /** 1 to 99. */
  readonly area: number;
  /** 1 to 999; 0 when it is about no single thing. */
  readonly zone: number;
  /** For people; no character that the frame needs for itself. */
  readonly text: string;
  /** Milliseconds since 1970 by the box's clock. */
  readonly occurredAt: number;
}

/** Numbers given to areas and zones, and what stands. Kept over restarts: a number never changes its meaning. */
export interface Register {
  readonly areas: Readonly<Record<string, number>>;
  readonly zones: Readonly<Record<string, number>>;
  readonly open: Readonly<Record<string, Standing>>;
}

interface Standing {
  readonly codes: Codes;
  readonly area: number;
  readonly zone: number;
  readonly text: string;
  /** `{site}/{edge}/{incident}`, or empty. */
  readonly incident: string;
}

export const emptyRegister: Register = { areas: {}, zones: {}, open: {} };

/** Alarms of which the end is told; beyond it the oldest is forgotten and its end stays untold. */
const standingMax = 10_000;
const areaMax = 99;
const zoneMax = 999;
const textMax = 60;

/** What a row is about: its English title, and ids of area and thing; null where it is about the box as a whole. */
export interface About {
  readonly text: string;
  readonly area: string | null;
  readonly thing: string | null;
}
export type Describe = (row: LedgerRow) => About;

type Turn = { readonly state: Register; readonly events: readonly Event[] };
type Placed = Pick<Event, "area" | "zone" | "text" | "occurredAt">;

/** The fold of one receiver. */
export function readEvents(describe: Describe): (register: Register, row: LedgerRow) => Turn {
  return (register, row) => {
    const { type, data } = row.record;
    const mark = data["alarm"] as AlarmMark | undefined;
    const plain = Object.hasOwn(plainEvents, type) ? plainEvents[type] : undefined;
    const ended = endAlarms(register, row);
    if (mark === undefined && plain === undefined) return ended;
    const { state, placed } = place(ended.state, row, describe(row));
    const codes = row.record.exercise ? exerciseCodes : codesOf(row.record);
    const event: Event = { sia: codes.sia[0], cid: codes.cid, qualifier: "1", ...plain, ...placed };
    const events = [...ended.events, event];
    return mark === undefined ? { state, events } : { state: stand(state, row, { mark, codes, placed }), events };
  };
}

function stand(
  register: Register,
  row: LedgerRow,
  { mark, codes, placed }: { readonly mark: AlarmMark; readonly codes: Codes; readonly placed: Placed },
): Register {
  const { incident } = row.record.data;
  const { area, zone, text } = placed;
  const standing = { codes, area, zone, text, incident: incident === undefined ? "" : scope(row, String(incident)) };
  return { ...register, open: bounded({ ...register.open, [scope(row, String(mark.key))]: standing }) };
}

function endAlarms(register: Register, row: LedgerRow): Turn {
  const { named, incident } = endedBy(row);
  const isOver = ([key, standing]: [string, Standing]) => named.includes(key) || standing.incident === incident;
  const over = Object.entries(register.open).filter(isOver);
  if (over.length === 0) return { state: register, events: [] };
  const open = Object.fromEntries(Object.entries(register.open).filter((entry) => !isOver(entry)));
  const events = over.flatMap(([, { codes, area, zone, text }]): Event[] => {
    const [, sia] = codes.sia;
    return sia === null ? [] : [{ sia, cid: codes.cid, qualifier: "3", area, zone, text, occurredAt: timeOf(row) }];
  });
  return { state: { ...register, open }, events };
}

/** The alarms that a row ends by name, and the incident whose alarms it ends. */
function endedBy(row: LedgerRow): { readonly named: readonly string[]; readonly incident: string | null } {
  const { type, data } = row.record;
  const { alarms, incident, key } = data;
  const scoped = (name: unknown) => scope(row, String(name));
  // What the hub did is believed of its own chain only.
  const isOwn = row.site === "";
  const isReset = isOwn && type === types.reset && key !== undefined;
  const isClosed = type === "incident.closed" || (isOwn && type === lostIncidentType);
  return {
    named: Array.isArray(alarms) ? alarms.map(scoped) : isReset ? [scoped(key)] : [],
    incident: isClosed ? scoped(incident) : null,
  };
}

/** Gives area and thing their numbers at their first appearance. */
function place(register: Register, row: LedgerRow, { text, area, thing }: About): { state: Register; placed: Placed } {
  const inArea = scope(row, area ?? "");
  const at = thing === null ? null : scope(row, thing);
  const areas = withNumber(register.areas, inArea, areaMax);
  const zones = at === null ? register.zones : withNumber(register.zones, at, zoneMax);
  const placed = {
    area: areas[inArea] ?? areaMax,
    zone: at === null ? 0 : (zones[at] ?? zoneMax),
    text: legible(text),
    occurredAt: timeOf(row),
  };
  return { state: { ...register, areas, zones }, placed };
}

/** What finds no free number shares the last one; the text tells it apart. */
function withNumber(numbers: Readonly<Record<string, number>>, name: string, max: number) {
  const next = Object.keys(numbers).length + 1;
  return Object.hasOwn(numbers, name) || next > max ? numbers : { ...numbers, [name]: next };
}

function bounded(open: Readonly<Record<string, Standing>>): Readonly<Record<string, Standing>> {
  const entries = Object.entries(open);
  return entries.length <= standingMax ? open : Object.fromEntries(entries.slice(entries.length - standingMax));
}

/** An alarm that the hub raises itself names the box in its data. */
function scope(row: LedgerRow, name: string): string {
  const { site, edge } = row.record.data;
  return row.site === "" ? `${site ?? ""}/${edge ?? ""}/${name}` : `${row.site}/${row.edge}/${name}`;
}

function timeOf(row: LedgerRow): number {
  const at = Date.parse(row.record.time);
  return Number.isNaN(at) ? Date.parse(row.storedAt) : at;
}

/** Receivers know ASCII only, and brackets, bars, stars and carets belong to the frame. */
function legible(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, "?")
    .replace(/[[\]|*^]/g, " ")
    .slice(0, textMax);
}
