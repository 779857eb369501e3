// A service's data folder belongs to the user that it runs as: what root puts there must be that user's, else it cannot read it.
import { lchownSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** From here on this process is the folder's owner. Nothing changes when it is not root's process or there is no folder. */
export function actAsOwner(folder: string): void {
  const owner = ownerOf(folder);
  if (owner === null) return;
  process.setgid?.(owner.gid);
  process.setuid?.(owner.uid);
}

/** Gives `made` and all that is in it to the owner of `folder`, for whom it is made where that user may not write. */
export function giveToOwner(folder: string, made: string): void {
  const owner = ownerOf(folder);
  if (owner === null) return;
  const inside = readdirSync(made, { recursive: true, encoding: "utf8" }).map((name) => join(made, name));
  for (const path of [...inside, made]) lchownSync(path, owner.uid, owner.gid);
}

function ownerOf(folder: string) {
  return process.getuid?.() === 0 ? (statSync(folder, { throwIfNoEntry: false }) ?? null) : null;
}
