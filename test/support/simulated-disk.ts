// A disk in memory that forgets like a real one: a crash keeps a random part of what was not synced and tears the last
// write. It can also be full, fail a sync, or flip a bit.
import { systemError } from "../../edge/machine/memory-disk.js";
import type { Disk, DiskFile } from "../../edge/machine/ports.js";
import { seeded } from "./seeded.js";

const sectorBytes = 512;

interface File {
  durable: Buffer;
  current: Buffer;
  /** Sectors that were written and not synced. */
  readonly dirty: Set<number>;
  /** Sectors that take room: only what was written does. */
  readonly taken: Set<number>;
}

export interface SimulatedDisk {
  /** The disk as one life of the box sees it: after a crash it answers nothing any more. */
  mount(): Disk;
  /** Power goes: what was not synced is kept or lost sector by sector, the last write also within its last sector. */
  crash(): void;
  /** Bytes that are still free. */
  setFree(bytes: number): void;
  /** The next `count` syncs of files reject with EIO, and the kernel forgets which pages were dirty. */
  failSyncs(count: number): void;
  /** Everything that changes the disk rejects with this code until null. */
  refuse(code: string | null): void;
  flipBit(name: string, byte: number): void;
  bytes(name: string): Buffer;
}

export function createSimulatedDisk(seed = 1, freeAtStart = 1e9): SimulatedDisk {
  const random = seeded(seed);
  let files = new Map<string, File>();
  let durableNames = new Map<string, File>();
  let free = freeAtStart;
  let failing = 0;
  let refused: string | null = null;
  let generation = 0;
  let lastWrite: { file: File; end: number } | null = null;

  const guard = (what: string) => {
    if (refused !== null) throw systemError(refused, what);
  };

  /** A full disk shows in the write, as the size of a file alone takes no room. */
  function take(file: File, sectors: readonly number[], name: string) {
    const added = sectors.filter((sector) => !file.taken.has(sector));
    if (added.length * sectorBytes > free) throw systemError("ENOSPC", name);
    free -= added.length * sectorBytes;
    for (const sector of added) file.taken.add(sector);
  }

  function resize(file: File, length: number) {
    for (const sector of file.taken) {
      if (sector * sectorBytes < length) continue;
      file.taken.delete(sector);
      free += sectorBytes;
    }
    const bytes = Buffer.alloc(length);
    file.current.copy(bytes);
    for (let at = Math.min(length, file.current.length); at < length; at += 1)
      file.dirty.add(Math.floor(at / sectorBytes));
    file.current = bytes;
  }

  function fileOf(file: File, name: string): DiskFile {
    const born = generation;
    const alive = () => {
      if (born !== generation) throw systemError("EBADF", `${name} was open before the crash`);
    };
    return {
      async write(offset, bytes) {
        alive();
        guard(name);
        const first = Math.floor(offset / sectorBytes);
        const count = Math.ceil((offset + bytes.length) / sectorBytes) - first;
        const sectors = Array.from({ length: count }, (_, at) => first + at);
        take(file, sectors, name);
        if (offset + bytes.length > file.current.length) resize(file, offset + bytes.length);
        file.current.set(bytes, offset);
        for (const sector of sectors) file.dirty.add(sector);
        lastWrite = { file, end: offset + bytes.length };
      },
      async read(offset, length) {
        alive();
        return Buffer.from(file.current.subarray(offset, offset + length));
      },
      async sync() {
        alive();
        guard(name);
        if (failing > 0) {
          failing -= 1;
          throw systemError("EIO", `sync of ${name}`);
        }
        await Promise.resolve();
        alive();
        file.durable = Buffer.from(file.current);
        file.dirty.clear();
      },
      size: async () => file.current.length,
      async truncate(length) {
        alive();
        guard(name);
        resize(file, length);
      },
      close: () => Promise.resolve(),
    };
  }

  function survivor(file: File): File {
    const isLonger = random() < 0.5;
    const bytes = Buffer.alloc(isLonger ? file.current.length : file.durable.length);
    file.durable.copy(bytes);
    for (const sector of file.dirty) {
      const start = sector * sectorBytes;
      if (start >= file.current.length || random() < 0.5) continue;
      const isTorn = lastWrite?.file === file && Math.floor((lastWrite.end - 1) / sectorBytes) === sector;
      const end = isTorn ? start + Math.floor(random() * sectorBytes) : start + sectorBytes;
      file.current.copy(bytes, start, start, Math.min(end, bytes.length));
    }
    return { durable: bytes, current: Buffer.from(bytes), dirty: new Set(), taken: new Set(file.taken) };
  }

  function mount(): Disk {
    const born = generation;
    const alive = (what: string) => {
      if (born !== generation) throw systemError("EBADF", `${what} was open before the crash`);
      if (refused !== null) throw systemError(refused, what);
    };
    return {
      async open(name, mode) {
        if (mode === "create") {
          alive(name);
          const file: File = { durable: Buffer.alloc(0), current: Buffer.alloc(0), dirty: new Set(), taken: new Set() };
          files.set(name, file);
          return fileOf(file, name);
        }
        const file = files.get(name);
        if (file === undefined) throw systemError("ENOENT", name);
        return fileOf(file, name);
      },
      list: async () => [...files.keys()],
      async rename(from, to) {
        alive(from);
        const file = files.get(from);
        if (file === undefined) throw systemError("ENOENT", from);
        files.delete(from);
        files.set(to, file);
      },
      async remove(name) {
        alive(name);
        free += (files.get(name)?.taken.size ?? 0) * sectorBytes;
        files.delete(name);
      },
      async syncFolder() {
        alive("folder");
        durableNames = new Map(files);
      },
      freeBytes: async () => free,
    };
  }

  return {
    mount,
    crash() {
      generation += 1;
      const names = random() < 0.5 ? files : durableNames;
      files = new Map([...names].map(([name, file]) => [name, survivor(file)]));
      durableNames = new Map(files);
      lastWrite = null;
    },
    setFree(bytes) {
      free = bytes;
    },
    failSyncs(count) {
      failing = count;
    },
    refuse(code) {
      refused = code;
    },
    flipBit(name, byte) {
      const file = files.get(name);
      if (file === undefined) throw systemError("ENOENT", name);
      file.current[byte] = (file.current[byte] ?? 0) ^ 1;
      file.durable[byte] = (file.durable[byte] ?? 0) ^ 1;
    },
    bytes: (name) => files.get(name)?.current ?? Buffer.alloc(0),
  };
}
