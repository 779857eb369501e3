// How a simulated controller is secured: its endpoints, its own folder of keys and trust, and who may log in.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageSecurityMode, OPCUACertificateManager, type OPCUAServerOptions, SecurityPolicy } from "node-opcua";
import type { BollardControllerSettings } from "./settings.js";

export interface ControllerSecurity {
  readonly options: OPCUAServerOptions;
  /** Removes what was made for one run only. */
  remove(): Promise<void>;
}

const passwordBytes = 18;

/** Without `security` the plant is a stand-in on loopback: no security, anybody, keys for this run only. */
export async function secureController({ security }: BollardControllerSettings): Promise<ControllerSecurity> {
  if (security === undefined) {
    const folder = await mkdtemp(join(tmpdir(), "portcullis-plant-pki-"));
    const options = {
      serverCertificateManager: store(folder, false),
      userCertificateManager: store(join(folder, "users"), false),
      securityModes: [MessageSecurityMode.None],
      securityPolicies: [SecurityPolicy.None],
    };
    return { options, remove: () => rm(folder, { recursive: true, force: true }) };
  }
  const { folder, none = false, users = [], trustsAll = false } = security;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passwords = new Map(users.map((user) => [user, passwordOf(folder, user)]));
  const options: OPCUAServerOptions = {
    serverCertificateManager: store(folder, trustsAll),
    userCertificateManager: store(join(folder, "users"), trustsAll),
    securityModes: [MessageSecurityMode.SignAndEncrypt, ...(none ? [MessageSecurityMode.None] : [])],
    securityPolicies: [SecurityPolicy.Basic256Sha256, ...(none ? [SecurityPolicy.None] : [])],
    allowAnonymous: users.length === 0,
    userManager: { isValidUser: (user: string, password: string) => passwords.get(user) === password },
  };
  return { options, remove: () => Promise.resolve() };
}

function store(rootFolder: string, automaticallyAcceptUnknownCertificate: boolean): OPCUACertificateManager {
  return new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate });
}

/** Made at the first start, as a controller is delivered with a password on its label. */
function passwordOf(folder: string, user: string): string {
  const file = join(folder, `password-${user}`);
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(passwordBytes).toString("base64url")}\n`, { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}
