// A folder of the real file system behind the Disk port.
import { mkdir, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Disk, DiskFile } from "./ports.js";

const flags = { create: "w+", append: "r+", read: "r" } as const;

/** Opens `folder` (made when missing). Rejects with the system's error when it can be neither made nor read. */
export async function openDisk(folder: string): Promise<Disk> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await readdir(folder);
  return diskAt(folder);
}

/** The same on a folder that exists; nothing is made. */
export function diskAt(folder: string): Disk {
  const path = (name: string) => join(folder, basename(name));
  return {
    open: async (name, mode) => diskFile(await open(path(name), flags[mode], 0o600)),
    list: () => readdir(folder),
    rename: (from, to) => rename(path(from), path(to)),
    remove: (name) => rm(path(name)),
    async syncFolder() {
      const handle = await open(folder, "r");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async freeBytes() {
      const stats = await statfs(folder);
      return stats.bavail * stats.bsize;
    },
  };
}

function diskFile(handle: Awaited<ReturnType<typeof open>>): DiskFile {
  return {
    async write(offset, bytes) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
        done += bytesWritten;
      }
    },
    async read(offset, length) {
      const bytes = Buffer.alloc(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    sync: () => handle.datasync(),
    size: async () => (await handle.stat()).size,
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
