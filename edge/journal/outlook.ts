// For how long the box can still keep everything when the hub takes nothing: room on its disk over what it writes. Pure.
import type { Lane } from "../model/record.js";
import type { MonoMs } from "../model/time.js";
import { roomMin, segmentBytesDefault } from "./space.js";

/** Hours. */
type PerLane = Record<Lane, number>;

const hourMs = 3_600_000;
/** The rate is that of the last hour, looked at this often. */
const sampleEveryMs = 60_000;
const samplesMax = 61;
/** A start writes much at once; nothing is said of the rate before this has passed. */
const spanMsMin = 600_000;
/** Before anything is written in this run nothing is known of sizes. */
const recordBytesGuess = 600;

export interface Room {
  readonly quotaBytes: number;
  readonly reserveBytes: number;
  /** Of the disk itself. */
  readonly freeBytes: number;
  /** Files of the journal, the reserve among them. */
  readonly usedBytes: number;
  /** Records, of all lanes, that the hub has not acknowledged: what else there is may go when room is needed. */
  readonly waiting: number;
}

/** What has been written since the start. */
export interface Written {
  readonly at: MonoMs;
  readonly bytes: number;
  readonly records: number;
}

/** Told now and then; gives hours per lane until its records must be dropped, infinite while no rate is known. */
export function createOutlook(): (written: Written, room: Room) => PerLane {
  const samples: Written[] = [];
  return (written, room) => {
    const newest = samples.at(-1);
    if (newest === undefined || written.at - newest.at >= sampleEveryMs) samples.push(written);
    if (samples.length > samplesMax) samples.shift();
    const [first = written] = samples;
    const spanMs = written.at - first.at;
    const bytesPerHour = spanMs < spanMsMin ? 0 : ((written.bytes - first.bytes) * hourMs) / spanMs;
    const each = written.records > 0 ? written.bytes / written.records : recordBytesGuess;
    const hours = (lane: Lane) =>
      bytesPerHour <= 0 ? Number.POSITIVE_INFINITY : roomFor(lane, room, each) / bytesPerHour;
    return { alarm: hours("alarm"), state: hours("state"), telemetry: hours("telemetry") };
  };
}

function roomFor(lane: Lane, room: Room, recordBytes: number): number {
  const { quotaBytes, reserveBytes, freeBytes, usedBytes, waiting } = room;
  const waitingBytes = waiting * recordBytes;
  const mayGo = Math.max(0, usedBytes - reserveBytes - waitingBytes);
  const left = Math.min(quotaBytes - reserveBytes - waitingBytes, freeBytes + mayGo);
  return Math.max(0, left - roomMin[lane] * segmentBytesDefault + (lane === "alarm" ? reserveBytes : 0));
}
