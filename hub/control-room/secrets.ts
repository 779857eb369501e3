// Secrets of outlets: in the data folder, readable by the service alone, never in the configuration or the log.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { modeOpenToOthers, writeWhole } from "../../edge/machine/whole-file.js";
import { PortcullisError } from "../../edge/model/error.js";
import { readSecret } from "./webhook/signature.js";

export interface Secrets {
  /** AES key agreed with an alarm receiver. Throws when there is none or it is none. */
  aesKey(name: string): Buffer;
  /** A webhook's signing secret; made at its first use. Throws when it is none. */
  signing(name: string): Buffer;
}

const webhookBytes = 32;

/** `{ "station": "hex:00112233...", "other": "text:sixteen letters..", "ward": "whsec_..." }` in `outlets/secrets.json`. */
export function openSecrets(folder: string): Secrets {
  const path = join(folder, "secrets.json");
  let held: Map<string, string> | undefined;
  // Read at the first use, so that a file that cannot be read harms only those who need it.
  const secrets = () => {
    held ??= read(path);
    return held;
  };
  const refuse = (name: string, detail: string) =>
    new PortcullisError({ code: "outlet.secret-unusable", place: `${path} ${name}`, detail });
  return {
    aesKey(name) {
      const [, form, value = ""] = /^(hex|text):(.*)$/.exec(secrets().get(name) ?? "") ?? [];
      const key = Buffer.from(value, form === "hex" ? "hex" : "latin1");
      if (key.length === 16 || key.length === 24 || key.length === 32) return key;
      throw refuse(name, "wanted is hex: or text: and a key of 16, 24 or 32 bytes");
    },
    signing(name) {
      const known = secrets();
      if (!known.has(name)) {
        known.set(name, `whsec_${randomBytes(webhookBytes).toString("base64")}`);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeWhole(path, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
      }
      const secret = readSecret(known.get(name) ?? "");
      if (secret === null) throw refuse(name, "wanted is whsec_ and base64 of 24 to 64 bytes");
      return secret;
    },
  };
}

function read(path: string): Map<string, string> {
  try {
    if (modeOpenToOthers(path) !== null) throw new Error("others can read it: chmod 600");
    const entries: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof entries !== "object" || entries === null) throw new Error("it holds no names");
    return new Map(Object.entries(entries).map(([name, secret]) => [name, String(secret)]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new PortcullisError({ code: "outlet.secret-unusable", place: path, detail: String(error) }, { cause: error });
  }
}
