// A recording of a vibration fibre for tuning: what was done at the fence, and the blocks as the detector took them. Its text has
// a head in the first line and one block in each further line, so that a list reads heads only.
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { fibreSettings } from "../../../config/schema/zone.js";
import type { FibreState } from "../../detection/vibration-fibre.js";
import type { HeardBlock } from "./block-book.js";

/** What happened at the fence while it was recorded. */
export const recordingLabels = ["quiet", "wind", "tap", "climb"] as const;
export type RecordingLabel = (typeof recordingLabels)[number];

export const recordingLimits = {
  secondsMin: 5,
  secondsMax: 300,
  /** Five minutes at 1000 Hz. */
  values: 300_000,
  blocks: 30_000,
  noteCharacters: 200,
  blows: 100,
  /** Of its file. */
  bytes: 16 * 1024 * 1024,
  /** The first line of its file. */
  headBytes: 16 * 1024,
} as const;

const number = Type.Number();
const strict = { additionalProperties: false };
/** JSON has no infinity: null stands for a number that is none, and for a detector that has heard nothing. */
const numberOrNull = Type.Union([number, Type.Null()]);

const start = Type.Object(
  {
    activeMs: number,
    pausedMs: number,
    isStruck: Type.Boolean(),
    partial: Type.Object({ count: number, mean: number, squares: number }, strict),
    baseline: Type.Object({ heardMs: number, quiet: number, wind: number, restless: number, level: number }, strict),
    at: numberOrNull,
    levels: Type.Tuple([number, number, number]),
    maskedMs: number,
    events: Type.Array(number, { maxItems: 100 }),
  },
  strict,
);

const head = Type.Object(
  {
    format: Type.Literal(1),
    id: Type.String({ pattern: "^[0-9]{8}T[0-9]{6}Z-[a-z]{1,16}(-[0-9]{1,3})?$" }),
    zone: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    label: Type.Enum([...recordingLabels]),
    note: Type.String({ maxLength: recordingLimits.noteCharacters }),
    /** How often somebody struck, where he counted. */
    blows: Type.Union([Type.Integer({ minimum: 1, maximum: recordingLimits.blows }), Type.Null()]),
    person: Type.String({ maxLength: 64 }),
    startedAt: Type.String({ maxLength: 32 }),
    seconds: number,
    /** Why it ended: by hand, at its length, at a limit, or because the detector started anew or heard nothing more. */
    ended: Type.Enum(["stopped", "complete", "full", "interrupted"]),
    revision: Type.Integer(),
    settings: fibreSettings,
    blocks: Type.Integer(),
    values: Type.Integer(),
    start,
  },
  strict,
);

const isHead = Compile(head);

/** What a list shows of a recording. */
export type RecordingHead = Omit<Static<typeof head>, "start" | "format">;

/** One in a list; `head` null: the file is damaged, or somebody else's. */
export interface StoredRecording {
  readonly id: string;
  readonly bytes: number;
  readonly head: RecordingHead | null;
}

export interface Recording {
  readonly head: RecordingHead;
  /** The detector's state before the first block. */
  readonly start: FibreState;
  readonly blocks: readonly HeardBlock[];
}

export function recordingText({ head: told, start: state, blocks }: Recording): string {
  const at = Number.isFinite(state.at) ? state.at : null;
  const first = JSON.stringify({ format: 1, ...told, start: { ...state, at } });
  const rest = blocks.map(({ at: endedAt, block: { t0, periodUs, values } }) =>
    JSON.stringify({ at: endedAt, t0, periodUs, values }),
  );
  return `${[first, ...rest].join("\n")}\n`;
}

/** Null: this is no head of a recording. */
export function readHead(text: string): RecordingHead | null {
  return headIn(text)?.told ?? null;
}

/** Null: this is no recording, or it is not whole. */
export function readRecording(text: string): Recording | null {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const found = headIn(first);
  if (found === null || found.told.blocks !== rest.length) return null;
  const blocks = rest.map(blockIn);
  if (!blocks.every((each) => each !== null)) return null;
  return { head: found.told, start: found.start, blocks };
}

function headIn(text: string): { readonly told: RecordingHead; readonly start: FibreState } | null {
  const [first = ""] = text.split("\n", 1);
  const read = parse(first);
  if (!isHead.Check(read)) return null;
  const { format: _, start: state, ...told } = read;
  return { told, start: { ...state, at: state.at ?? Number.NEGATIVE_INFINITY } };
}

/** Checked by hand: there may be 300,000 values, and others wait for this thread. */
function blockIn(text: string): HeardBlock | null {
  const read = parse(text);
  if (typeof read !== "object" || read === null) return null;
  const { at, t0, periodUs, values } = read as Readonly<Record<string, unknown>>;
  if (!isNumber(at) || !isNumber(t0) || !isNumber(periodUs) || !Array.isArray(values)) return null;
  if (!values.every((value) => value === null || isNumber(value))) return null;
  return { at, block: { t0, periodUs, values: values.map((value) => value ?? Number.NaN) } };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
