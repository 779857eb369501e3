// The hub's own certificates, as server and as client of brokers: made anew at a start in the last third of their life,
// for the same names.
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { intakeName } from "../config/certificate-names.js";
import { hostsOf, issueClient, issueServer, type KeyPair } from "../config/certificates.js";
import { fits } from "../config/hub-pki.js";
import { writeWhole } from "../edge/machine/whole-file.js";
import { PortcullisError, refusal } from "../edge/model/error.js";
import { readAuthority } from "./broker/authority.js";

const dueShare = 2 / 3;

/** `now`: wall clock, ms. What is due and cannot be made, as when the authority's key is elsewhere, is told as trouble. */
export async function renewOwnKeys(pkiDir: string, now: number, trouble: (detail: string) => void): Promise<void> {
  const make = {
    hub: (old: X509Certificate, authority: KeyPair) =>
      issueServer(authority, { name: "hub", hosts: hostsOf(old), now }),
    intake: (_old: X509Certificate, authority: KeyPair) => issueClient(authority, { name: intakeName, now }),
  };
  for (const [stem, issue] of Object.entries(make)) {
    const path = join(pkiDir, stem);
    if (!existsSync(`${path}.pem`)) throw refusal("keys.hub-missing", `${path}.pem`, "there is none");
    const pair = { certificate: readFileSync(`${path}.pem`, "utf8"), key: readFileSync(`${path}.key`, "utf8") };
    const old = new X509Certificate(pair.certificate);
    const ca = { certificate: readFileSync(join(pkiDir, "ca.pem"), "utf8"), key: "" };
    // A pair that does not fit together is one whose replacement was cut short.
    if (fits(pair, ca) && !isDue(old, now)) continue;
    try {
      const next = await issue(old, readAuthority(pkiDir));
      writeWhole(`${path}.key`, next.key);
      writeWhole(`${path}.pem`, next.certificate, 0o644);
    } catch (error) {
      if (!(error instanceof PortcullisError)) throw error;
      const { place, detail } = error.trouble;
      trouble(`${path}.pem ends on ${old.validTo} and cannot be renewed: ${place}: ${detail}`);
    }
  }
}

function isDue({ validFrom, validTo }: X509Certificate, now: number): boolean {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return now > from + (to - from) * dueShare;
}
