// The feed's frames and keys as bytes: topic, sequence (8 bytes, big endian), record as JSON.
import type { ErrorCode } from "../../../edge/model/error.js";
import type { AlarmView } from "../../console/views.js";
import type { LedgerRow } from "../../ledger/ledger.js";

export type Frames = [topic: string, sequence: Buffer, json: string];

/** Where an alarm belongs: `alarm.{site}.{area}.{priority}`, with `-` where it has no area, or is the hub's own. */
export function alarmFrames(row: LedgerRow, { site, area, priority }: AlarmView): Frames {
  return [`alarm.${site || "-"}.${area ?? "-"}.${priority}`, sequenceFrame(row.sequence), JSON.stringify(row.record)];
}

/** Tells a listener that hears nothing that all is well, and one that missed something that it did. */
export function heartbeatFrames(sequence: number): Frames {
  return ["heartbeat", sequenceFrame(sequence), "{}"];
}

export function endFrame(sequence: number): string {
  return JSON.stringify({ op: "end", sequence });
}

export function errorFrame(code: ErrorCode): string {
  return JSON.stringify({ op: "error", code });
}

function sequenceFrame(sequence: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(sequence));
  return bytes;
}

export type FeedRequest = { readonly op: "snapshot" } | { readonly op: "replay"; readonly from: number };

/** Null for anything that is no request. */
export function readRequest(bytes: Buffer | undefined): FeedRequest | null {
  try {
    const { op, from } = JSON.parse(bytes?.toString("utf8") ?? "") as { op?: unknown; from?: unknown };
    if (op === "snapshot") return { op };
    return op === "replay" && typeof from === "number" && Number.isSafeInteger(from) ? { op, from } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

const z85Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** Z85 text of a key's bytes, the form in which CURVE keys are written down. */
export function z85(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    let value = bytes.readUInt32BE(at);
    let word = "";
    for (let digit = 0; digit < 5; digit += 1) {
      word = z85Digits.charAt(value % 85) + word;
      value = Math.floor(value / 85);
    }
    text += word;
  }
  return text;
}
