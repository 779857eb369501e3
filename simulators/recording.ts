// Recorded vibration (CSV in gzip, as in uverd-mems) made into the values that a fibre plays in place of its own noise.
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { SimulationError } from "./trouble.js";

const unzip = promisify(gunzip);
const bytesMax = 64 * 1024 * 1024;
const samplesMin = 2;

/** `values` are the magnitude of the acceleration, in the recording's raw units; `rateHz` is found from its timestamps. */
export interface Recording {
  readonly values: readonly number[];
  readonly rateHz: number;
}

function refuse(detail: string, cause?: unknown): never {
  throw new SimulationError("simulation.invalid-recording", detail, { cause });
}

/** A magnitude that the recorder could not compute (its axes were saturated) is computed here. */
function magnitudeOf(row: Readonly<Record<string, number>>): number {
  const { accel_mag, accel_x = Number.NaN, accel_y = Number.NaN, accel_z = Number.NaN } = row;
  return accel_mag !== undefined && Number.isFinite(accel_mag) ? accel_mag : Math.hypot(accel_x, accel_y, accel_z);
}

/**
 * Needs the columns `timestamp_ms` and `accel_mag` (or accel_x, accel_y, accel_z).
 * @throws SimulationError `simulation.invalid-recording` with the line
 */
export function parseRecording(csv: string): Recording {
  const [head = "", ...lines] = csv.trim().split(/\r?\n/);
  const columns = head.split(",");
  const rows = lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, index) => [columns[index] ?? "", Number.parseFloat(cell)])),
  );
  const values = rows.map(magnitudeOf);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse(`line ${bad + 2} holds no acceleration`);
  if (values.length < samplesMin) refuse("no samples");
  const lastsMs = (rows.at(-1)?.["timestamp_ms"] ?? Number.NaN) - (rows[0]?.["timestamp_ms"] ?? Number.NaN);
  if (!(lastsMs > 0)) refuse("timestamp_ms does not grow");
  return { values, rateHz: ((values.length - 1) * 1_000) / lastsMs };
}

/** @throws SimulationError `simulation.invalid-recording` when the file cannot be read, unzipped or understood */
export async function readRecording(path: string): Promise<Recording> {
  const bytes = await readFile(path).catch((cause: unknown) => refuse(`cannot read ${path}`, cause));
  if (!path.endsWith(".gz")) return parseRecording(bytes.toString("utf8"));
  const text = await unzip(bytes, { maxOutputLength: bytesMax }).catch((cause: unknown) => refuse("no gzip", cause));
  return parseRecording(text.toString("utf8"));
}
