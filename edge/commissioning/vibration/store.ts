// Recordings on disk: DIR/recordings/ZONE/ID.jsonl, each written whole. Nothing is ever removed but by a person: a full store
// refuses and names its oldest. Runs in the HTTP's thread.
import { mkdir, open, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { isUnwritable, writeWholeAside } from "../../machine/whole-file.js";
import { refusal } from "../../model/error.js";
import {
  type Recording,
  type RecordingHead,
  readHead,
  readRecording,
  recordingLimits,
  recordingText,
  type StoredRecording,
} from "./recording.js";

export const storeLimits = {
  /** Recordings of one zone. */
  perZone: 40,
  /** Of all zones together. */
  bytes: 256 * 1024 * 1024,
  /** What must stay free on the medium for the journal. */
  freeBytes: 128 * 1024 * 1024,
} as const;

const ending = ".jsonl";
export const isZoneId = (id: string) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(id);
export const isRecordingId = (id: string) => /^[0-9]{8}T[0-9]{6}Z-[a-z]{1,16}(-[0-9]{1,3})?$/.test(id);

export interface Store {
  /** Of one zone, oldest first. */
  list(zone: string): Promise<readonly StoredRecording[]>;
  /** @throws PortcullisError `recording.full` when another one may find no room */
  makeRoom(zone: string): Promise<void>;
  /** The head under the name that it got. @throws PortcullisError `recording.unwritable` */
  write(recording: Recording): Promise<RecordingHead>;
  /** @throws PortcullisError `api.not-found` or `recording.damaged` */
  read(zone: string, id: string): Promise<Recording>;
  /** The file as it is. @throws PortcullisError `api.not-found` or `recording.damaged` */
  text(zone: string, id: string): Promise<string>;
  /** @throws PortcullisError `api.not-found` */
  remove(zone: string, id: string): Promise<void>;
}

interface Found {
  readonly zone: string;
  readonly id: string;
  readonly bytes: number;
}

export function openStore(dataDir: string): Store {
  const folder = join(dataDir, "recordings");
  const pathOf = (zone: string, id: string) => join(folder, zone, id + ending);

  async function text(zone: string, id: string): Promise<string> {
    const path = pathOf(zone, id);
    const known = isZoneId(zone) && isRecordingId(id) ? await sizeOf(path) : null;
    if (known === null) throw refusal("api.not-found", "recording", id);
    if (known > recordingLimits.bytes) throw refusal("recording.damaged", id, `${known} bytes`);
    return readFile(path, "utf8");
  }

  return {
    async list(zone) {
      const found = await filesOf(folder, zone);
      const heads = found.map(async ({ id, bytes }) => {
        const head = readHead(await firstBytes(pathOf(zone, id)));
        return { id, bytes, head: head?.id === id && head.zone === zone ? head : null };
      });
      return Promise.all(heads);
    },
    async makeRoom(zone) {
      const found = await allFiles(folder);
      const full = await fullOf(folder, zone, found);
      if (full === null) return;
      const oldest = [...found]
        .sort((a, b) => a.id.localeCompare(b.id))
        .find((each) => full === "bytes" || each.zone === zone);
      const named = oldest === undefined ? "" : `; the oldest is ${oldest.zone}/${oldest.id}`;
      throw refusal("recording.full", `recordings/${zone}`, `${full} at its limit${named}`);
    },
    async write(recording) {
      const { zone, id: wanted } = recording.head;
      try {
        await mkdir(join(folder, zone), { recursive: true, mode: 0o700 });
        const taken = new Set((await filesOf(folder, zone)).map(({ id }) => id));
        const id = freeName(wanted, taken);
        const head = { ...recording.head, id };
        await writeWholeAside(pathOf(zone, id), recordingText({ ...recording, head }));
        return head;
      } catch (cause) {
        if (!isUnwritable(cause)) throw cause;
        throw refusal("recording.unwritable", `recordings/${zone}`, String(cause));
      }
    },
    async read(zone, id) {
      const read = readRecording(await text(zone, id));
      if (read === null || read.head.zone !== zone || read.head.id !== id) throw refusal("recording.damaged", id, "");
      return read;
    },
    text,
    async remove(zone, id) {
      const path = pathOf(zone, id);
      if (!isZoneId(zone) || !isRecordingId(id) || (await sizeOf(path)) === null)
        throw refusal("api.not-found", "recording", id);
      await rm(path);
    },
  };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}

/** What is at its limit; null: there is room. */
async function fullOf(folder: string, zone: string, found: readonly Found[]): Promise<string | null> {
  if (found.filter((each) => each.zone === zone).length >= storeLimits.perZone)
    return `${storeLimits.perZone} recordings`;
  const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes + recordingLimits.bytes > storeLimits.bytes) return "bytes";
  const disk = await statfs(join(folder, "..")).catch(() => null);
  if (disk !== null && disk.bavail * disk.bsize < storeLimits.freeBytes + recordingLimits.bytes) return "bytes";
  return null;
}

async function allFiles(folder: string): Promise<readonly Found[]> {
  const zones = (await namesIn(folder)).filter(isZoneId);
  return (await Promise.all(zones.map((zone) => filesOf(folder, zone)))).flat();
}

/** Files that bear a recording's name, oldest first; what else lies there is not touched. */
async function filesOf(folder: string, zone: string): Promise<readonly Found[]> {
  if (!isZoneId(zone)) return [];
  const ids = (await namesIn(join(folder, zone)))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter(isRecordingId)
    .sort();
  const sized = ids.map(async (id) => ({ zone, id, bytes: await sizeOf(join(folder, zone, id + ending)) }));
  return (await Promise.all(sized)).filter((each): each is Found => each.bytes !== null);
}

/** None where there is no such folder, or where a file stands in its place. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}

/** Null: there is no such file. */
async function sizeOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() === true ? stats.size : null;
}

/** Empty when it cannot be read: a list shows that one as damaged. */
async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => null);
  if (file === null) return "";
  try {
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(recordingLimits.headBytes),
      0,
      recordingLimits.headBytes,
      0,
    );
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
