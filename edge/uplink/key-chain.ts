// The box's keys for its hub as files: the present pair, and the next one until it has connected. At every moment, also
// after a power cut, one of both is whole.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder, writeWhole } from "../machine/whole-file.js";
import { PortcullisError, refusal } from "../model/error.js";
import { pemBlocksIn } from "../record/pem.js";
import type { TlsIdentity } from "./mqtt-link.js";

/** Paths of PEM files. The next pair lies beside the present one as `NAME.next.pem/.key`. */
export interface KeyPaths {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface Identity {
  readonly which: "present" | "next";
  /** The certificate may be followed by its authority's. */
  readonly tls: TlsIdentity;
  readonly certificate: X509Certificate;
}

export interface KeyChain {
  /** @throws PortcullisError `keys.missing`, `keys.authority-unknown`. */
  present(): Identity;
  /** Null while there is none that is whole. */
  next(): Identity | null;
  /** The key that a request is about, made by `make` where there is none: a request may be repeated. */
  requestKey(make: () => Promise<string>): Promise<string>;
  /** Keeps the certificate for that key. @throws PortcullisError `keys.request-invalid` when it is not for this box. */
  takeNext(certificate: string, ca: string): void;
  /** The next pair has connected and takes the present one's place. */
  promote(): void;
  /** The hub does not take the next pair. */
  discardNext(): void;
}

export function openKeyChain(paths: KeyPaths, name: string): KeyChain {
  const next = { cert: beside(paths.cert), key: beside(paths.key) };

  /** Not only at the start: a disk that takes nothing ends a promotion half-way as a power cut does. */
  function finish(): void {
    try {
      finishPromotion(paths, next);
    } catch (error) {
      throw error instanceof PortcullisError ? error : refusal("keys.missing", paths.cert, String(error));
    }
  }

  return {
    present() {
      finish();
      const { cert, key } = paths;
      if (!existsSync(cert) || !existsSync(key)) throw refusal("keys.missing", cert, "there is none");
      return identityOf("present", { cert: read(cert), key: read(key), ca: read(paths.ca) });
    },
    next() {
      if (!existsSync(next.cert) || !existsSync(next.key)) return null;
      const [own = "", ...authorities] = blocksOf(read(next.cert));
      const ca = authorities.join("");
      try {
        return identityOf("next", { cert: `${own}${ca}`, key: read(next.key), ca: ca || read(paths.ca) });
      } catch (error) {
        // Of two requests that crossed, or cut short: the key is asked about again.
        if (error instanceof PortcullisError) return null;
        throw error;
      }
    },
    async requestKey(make) {
      // A next key beside the next certificate of the key before would hide that its promotion is unfinished.
      finish();
      if (existsSync(next.key)) return read(next.key);
      const key = await make();
      mkdirSync(dirname(next.key), { recursive: true, mode: 0o700 });
      writeWhole(next.key, key);
      return key;
    },
    takeNext(certificate, ca) {
      const [own = ""] = blocksOf(certificate);
      const { certificate: taken } = identityOf("next", { cert: own, key: read(next.key), ca });
      if (taken.subject !== `CN=${name}`) throw refusal("keys.request-invalid", name, `it names ${taken.subject}`);
      writeWhole(next.cert, `${own}${blocksOf(ca).join("")}`, 0o644);
    },
    promote() {
      renameSync(next.key, paths.key);
      syncFolder(dirname(paths.key));
      finishPromotion(paths, next);
    },
    discardNext() {
      rmSync(next.cert, { force: true });
      rmSync(next.key, { force: true });
    },
  };
}

/** The key moves first: a next certificate that belongs to the present key is one whose promotion was cut short. */
function finishPromotion(paths: KeyPaths, next: { readonly cert: string; readonly key: string }): void {
  if (!existsSync(next.cert) || existsSync(next.key) || !existsSync(paths.key)) return;
  const text = read(next.cert);
  const [own = "", ...authorities] = blocksOf(text);
  if (!belong(own, read(paths.key))) {
    rmSync(next.cert, { force: true });
    return;
  }
  const ca = authorities.join("");
  if (ca !== "" && (!existsSync(paths.ca) || blocksOf(read(paths.ca)).join("") !== ca)) writeWhole(paths.ca, ca, 0o644);
  renameSync(next.cert, paths.cert);
  syncFolder(dirname(paths.cert));
}

function identityOf(which: Identity["which"], tls: TlsIdentity): Identity {
  const place = `the ${which} pair`;
  if (!belong(tls.cert, tls.key)) throw refusal("keys.missing", place, "certificate and key do not belong together");
  const certificate = new X509Certificate(tls.cert);
  const isSigned = blocksOf(tls.ca).some((ca) => isSignedBy(certificate, ca));
  if (!isSigned) throw refusal("keys.authority-unknown", place, `signed by ${certificate.issuer}`);
  return { which, tls, certificate };
}

function isSignedBy(certificate: X509Certificate, ca: string): boolean {
  try {
    return certificate.verify(new X509Certificate(ca).publicKey);
  } catch {
    // A block that is no certificate is nobody's authority.
    return false;
  }
}

function belong(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function blocksOf(pem: string): readonly string[] {
  return pemBlocksIn(pem, "CERTIFICATE").map((block) => `${block}\n`);
}

function beside(path: string): string {
  return path.replace(/\.(pem|key)$/, ".next.$1");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const detail = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new PortcullisError({ code: "keys.missing", place: path, detail }, { cause });
  }
}
