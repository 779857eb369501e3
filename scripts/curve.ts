// CURVE keys of the feed: the hub's own pair, and one public key per control room that may listen.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { curveKeyPair } from "zeromq";
import { writeWhole } from "../edge/machine/whole-file.js";

export interface CurvePair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** The pair in `file`, made with mode 0600 if it is not there. Keys are Z85. */
export function ensureCurvePair(file: string): CurvePair {
  if (!existsSync(file)) writeWhole(file, JSON.stringify(curveKeyPair()));
  return JSON.parse(readFileSync(file, "utf8")) as CurvePair;
}

/** The hub's pair and the control rooms' public keys of `folder`/allowed, one `.pub` file each. */
export function hubCurve(folder: string): CurvePair & { readonly allowed: readonly string[] } {
  mkdirSync(join(folder, "allowed"), { recursive: true, mode: 0o700 });
  const pair = ensureCurvePair(join(folder, "hub.json"));
  const names = readdirSync(join(folder, "allowed")).filter((name) => name.endsWith(".pub"));
  return { ...pair, allowed: names.map((name) => readFileSync(join(folder, "allowed", name), "utf8").trim()) };
}

/** Lets a control room listen. */
export function admitControlRoom(folder: string, name: string, publicKey: string): void {
  mkdirSync(join(folder, "allowed"), { recursive: true, mode: 0o700 });
  writeWhole(join(folder, "allowed", `${name}.pub`), `${publicKey}\n`);
}
