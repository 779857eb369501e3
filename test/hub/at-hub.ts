// Certificates of boxes at a hub, without sockets: what their tests have in common.
import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { createAuthority, type KeyPair } from "../../config/certificates.js";
import { createRequest } from "../../config/signing-requests.js";
import { createRandom } from "../../edge/machine/random.js";
import { PortcullisError } from "../../edge/model/error.js";
import { type Admission, isAdmitted } from "../../hub/broker/admission.js";
import { BoxCertificates } from "../../hub/broker/certificates.js";
import type { OwnFact } from "../../hub/ledger/ledger.js";

export const noon = Date.parse("2026-06-01T12:00:00.000Z");
export const dayMs = 86_400_000;
export const gatehouse = "office.gatehouse";

/** What each test finds and may change; `authority` and `stranger` are made once. */
export interface AtHub {
  authority: KeyPair;
  stranger: KeyPair;
  folder: string;
  now: number;
  facts: OwnFact[];
  /** As it was told last. */
  admission: Admission | null;
  open(listed?: readonly string[]): BoxCertificates;
}

/** For the whole file: each of its tests has a hub's folder of its own, at noon. */
export function eachAtHub(): AtHub {
  const at = { open: (listed = [gatehouse, "office.annex"]) => openAt(at, listed) } as AtHub;
  beforeAll(async () => {
    at.authority = await createAuthority("authority", noon);
    at.stranger = await createAuthority("somebody else", noon);
  });
  beforeEach(() => {
    at.folder = mkdtempSync(join(tmpdir(), "portcullis-keys-"));
    writeFileSync(join(at.folder, "ca.pem"), at.authority.certificate);
    writeFileSync(join(at.folder, "ca.key"), at.authority.key, { mode: 0o600 });
    Object.assign(at, { now: noon, facts: [], admission: null });
  });
  afterEach(() => rmSync(at.folder, { recursive: true }));
  return at;
}

function openAt(at: AtHub, listed: readonly string[]): BoxCertificates {
  return new BoxCertificates({
    pkiDir: at.folder,
    isListed: (name) => listed.includes(name),
    clock: {
      mono: () => at.now - noon,
      now: () => ({ boot: "b", mono: at.now - noon, wall: at.now, clock: "synchronised" }),
    },
    random: createRandom(),
    act: async (...own) => at.facts.push(...own),
    changed: (next) => {
      at.admission = next;
    },
    trouble: (detail) => expect.unreachable(detail),
  });
}

export const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;
export const codeOf = (error: unknown) => (error instanceof PortcullisError ? error.trouble.code : error);
export const admits = (hub: BoxCertificates, pem: string) => isAdmitted(hub.admission(), gatehouse, serialOf(pem));

export async function enrolled(hub: BoxCertificates, name = gatehouse) {
  const { code } = await hub.makeCode(name, "li");
  const own = await createRequest("whatever it calls itself");
  return { ...own, code, ...(await hub.enrol({ code, request: own.request }, "10.0.0.5")) };
}
