// A Disk in memory with a fixed capacity: what is left when no disk can be written (rule 10).
import type { Disk, DiskFile } from "./ports.js";

/** An error as the file system would give it. */
export function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

/** `capacityBytes` over all files; writing past it rejects with ENOSPC. */
export function createMemoryDisk(capacityBytes: number): Disk {
  const files = new Map<string, Buffer>();
  const used = () => [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);

  function resize(name: string, length: number): Buffer {
    const old = files.get(name) ?? Buffer.alloc(0);
    if (used() - old.length + length > capacityBytes) throw systemError("ENOSPC", name);
    const bytes = Buffer.alloc(length);
    old.copy(bytes);
    files.set(name, bytes);
    return bytes;
  }

  function fileOf(name: string): DiskFile {
    const bytes = () => files.get(name) ?? Buffer.alloc(0);
    return {
      async write(offset, part) {
        const end = offset + part.length;
        const target = end > bytes().length ? resize(name, end) : bytes();
        target.set(part, offset);
      },
      read: async (offset, length) => Buffer.from(bytes().subarray(offset, offset + length)),
      sync: () => Promise.resolve(),
      size: async () => bytes().length,
      truncate: async (length) => void resize(name, length),
      close: () => Promise.resolve(),
    };
  }

  return {
    async open(name, mode) {
      if (mode === "create") files.set(name, Buffer.alloc(0));
      else if (!files.has(name)) throw systemError("ENOENT", name);
      return fileOf(name);
    },
    list: async () => [...files.keys()],
    async rename(from, to) {
      const bytes = files.get(from);
      if (bytes === undefined) throw systemError("ENOENT", from);
      files.delete(from);
      files.set(to, bytes);
    },
    remove: async (name) => void files.delete(name),
    syncFolder: () => Promise.resolve(),
    freeBytes: async () => capacityBytes - used(),
  };
}
