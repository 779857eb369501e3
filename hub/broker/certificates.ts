// Certificates of boxes at the hub: issued for a one-time code, renewed while they are good, revoked at once. Every act
// stands in the hub's chain.
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { keyId, type PublicKey, readRequest, signRequest } from "../../config/signing-requests.js";
import type { Clock, Random } from "../../edge/machine/ports.js";
import { type ErrorCode, PortcullisError, refusal } from "../../edge/model/error.js";
import type { OwnFact } from "../ledger/ledger.js";
import { type Admission, isAdmitted } from "./admission.js";
import { authorityFingerprint, readAuthority } from "./authority.js";
import { type Code, type Codes, openCodes } from "./codes.js";
import type { Enrolled, EnrolmentAsked, Replaced } from "./enrolled.js";
import {
  type Certificate,
  type CertificateState,
  livingOf,
  openRegister,
  type Register,
  revocationsOf,
  shutOut,
  statesOf,
} from "./register.js";
import { readRenewal } from "./renewal-request.js";

export interface CertificatesOptions {
  readonly pkiDir: string;
  /** Whether the configuration names this box. */
  readonly isListed: (name: string) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly act: (...facts: readonly OwnFact[]) => Promise<unknown>;
  /** Who may connect has changed. Must not throw. */
  readonly changed: (admission: Admission) => void;
  readonly trouble: (detail: string) => void;
}

export type RenewalAnswer = { readonly certificate: string } | { readonly code: ErrorCode };

/** Certificates of one box that count at the same time; each renewal whose answer is lost leaves one. */
const livingMax = 8;
/** Of all boxes, as files in one folder. */
const certificatesMax = 50_000;
/** Requests of one box are worked on at most so often. */
const renewEveryMs = 5_000;

export class BoxCertificates {
  readonly #options: CertificatesOptions;
  readonly #register: Register;
  readonly #codes: Codes;
  /** Serial number by name of those who are connected. */
  readonly #present = new Map<string, string>();
  readonly #askedAt = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws PortcullisError `keys.register-damaged`. */
  constructor(options: CertificatesOptions) {
    this.#options = options;
    this.#register = openRegister(options.pkiDir, this.#wall());
    this.#codes = openCodes(join(options.pkiDir, "enrolment-codes.json"), options.random);
    this.#record();
  }

  admission(): Admission {
    return this.#register.admission();
  }

  /** Whether the configuration names this box. */
  isListed(name: string): boolean {
    return this.#options.isListed(name);
  }

  /** Whether a name counts at all, where another broker judges certificates. */
  isAdmitted(name: string): boolean {
    const only = this.admission().only[name];
    return this.#options.isListed(name) && (only === undefined || only.length > 0);
  }

  /** SHA-256 of the authority that boxes pin. @throws PortcullisError `keys.authority-missing`. */
  fingerprint(): string {
    return authorityFingerprint(this.#options.pkiDir);
  }

  list(): readonly CertificateState[] {
    return statesOf(this.#register, this.#present);
  }

  // --- one-time codes --------------------------------------------------------------------------------------------------

  codes(): readonly Code[] {
    return this.#codes.open(this.#wall());
  }

  /** @throws PortcullisError `keys.authority-missing`: a code that leads nowhere is not given. */
  async makeCode(name: string, by: string, replaces = false): Promise<{ readonly code: string; readonly entry: Code }> {
    readAuthority(this.#options.pkiDir);
    const use = replaces ? ({ replaces } as const) : {};
    const made = this.#codes.make({ name, by, ...use }, this.#wall());
    if (made === null) throw refusal("keys.too-many", "/body", "codes");
    const { id, expiresAt } = made.entry;
    await this.#options.act(factOf("enrolment.code-made", name, { id, by, expiresAt, ...use }));
    return made;
  }

  /** False when there is none with this id. */
  async withdrawCode(id: string, by: string): Promise<boolean> {
    const entry = this.#codes.withdraw(id);
    if (entry !== null) await this.#options.act(factOf("enrolment.code-withdrawn", entry.name, { id, by }));
    return entry !== null;
  }

  // --- issuing ---------------------------------------------------------------------------------------------------------

  /** The code is the approval: given by an administrator, for one box. @throws PortcullisError; refusals are recorded. */
  enrol(asked: EnrolmentAsked, address: string): Promise<Enrolled> {
    return this.#approved(asked, { address, replaces: false }, async ({ name, by }, publicKey) =>
      this.#enrolled(name, await this.#issue(publicKey, { name, via: "enrolment", by })),
    );
  }

  /**
   * A spare box takes the place of the one that bore the name: whatever that one holds has no force from here on. The same
   * key may come again, as long as its code counts. @throws PortcullisError; refusals are recorded.
   */
  async replace(asked: EnrolmentAsked, address: string): Promise<Replaced> {
    const done = await this.#approved(asked, { address, replaces: true }, async ({ id, name, by }, publicKey) => {
      const key = await keyId(publicKey);
      const why = { at: new Date(this.#wall()).toISOString(), by, reason: `replaced with the code ${id}` };
      const replaced = shutOut(this.#register, name, { ...why, except: key });
      const enrolled = this.#enrolled(name, await this.#issue(publicKey, { name, via: "enrolment", by }));
      this.#options.changed(this.admission());
      return { ...enrolled, replaced };
    });
    await this.#recordAll();
    return done;
  }

  #approved<T>(
    asked: EnrolmentAsked,
    { address, replaces }: { readonly address: string; readonly replaces: boolean },
    then: (entry: Code, publicKey: PublicKey) => Promise<T>,
  ): Promise<T> {
    return this.#inTurn(async () => {
      try {
        const read = await readRequest(asked.request);
        if ("fault" in read) throw refusal("keys.request-invalid", "/body/request", read.fault);
        readAuthority(this.#options.pkiDir);
        const user = { keyId: await keyId(read.publicKey), name: asked.name, replaces };
        const entry = this.#codes.use(asked.code, user, this.#wall());
        if (entry === "other-use") throw refusal("keys.code-other-use", "/body/code", "");
        if (entry === null || !this.#options.isListed(entry.name)) throw refusal("keys.code-refused", "/body/code", "");
        return await then(entry, read.publicKey);
      } catch (error) {
        if (!(error instanceof PortcullisError)) throw error;
        const { code, detail } = error.trouble;
        const data = { code, detail, address };
        await this.#options.act({ type: "enrolment.refused", lane: "state", subject: "hub", data });
        throw error;
      }
    });
  }

  #enrolled(name: string, certificate: string): Enrolled {
    const { certificate: ca } = readAuthority(this.#options.pkiDir);
    return { name, certificate, ca, expiresAt: expiryOf(new X509Certificate(certificate)) };
  }

  /** Answers what the box of this name has sent over its connection. */
  renew(name: string, text: string): Promise<RenewalAnswer> {
    const mono = this.#options.clock.mono();
    const isEarly = mono - (this.#askedAt.get(name) ?? Number.NEGATIVE_INFINITY) < renewEveryMs;
    if (isEarly || !this.#options.isListed(name)) return Promise.resolve({ code: "api.throttled" });
    this.#askedAt.set(name, mono);
    return this.#inTurn(async () => {
      try {
        return { certificate: await this.#renew(name, text) };
      } catch (error) {
        if (!(error instanceof PortcullisError)) throw error;
        const { code, detail } = error.trouble;
        await this.#options.act(factOf("certificate.refused", name, { code, detail }));
        return { code };
      }
    });
  }

  async #renew(name: string, text: string): Promise<string> {
    const { certificate: ca } = readAuthority(this.#options.pkiDir);
    const read = await readRenewal(text, { name, ca, now: this.#wall() });
    if ("fault" in read) throw refusal("keys.request-invalid", name, read.fault);
    if (!isAdmitted(this.admission(), name, read.serial)) throw refusal("keys.request-invalid", name, "it is revoked");
    return this.#issue(read.publicKey, { name, via: "renewal", by: name });
  }

  /** The same key gets the same certificate: an answer can get lost. */
  async #issue(publicKey: PublicKey, to: Pick<Certificate, "name" | "via" | "by">): Promise<string> {
    const { name } = to;
    const id = await keyId(publicKey);
    const living = this.#living(name);
    const known = living.find((each) => each.keyId === id)?.pem ?? null;
    if (known !== null) return known;
    const isFull = living.length >= livingMax || this.#register.certificates().length >= certificatesMax;
    if (isFull) throw refusal("keys.too-many", name, `${living.length} count`);
    const pem = await signRequest(readAuthority(this.#options.pkiDir), publicKey, { name, now: this.#wall() });
    const signed = new X509Certificate(pem);
    const expiresAt = expiryOf(signed);
    const since = new Date(this.#wall()).toISOString();
    const certificate = { ...to, serial: signed.serialNumber, since, expiresAt, keyId: id, pem };
    const { via, by, serial } = certificate;
    await this.#options.act(factOf("certificate.issued", name, { serial, via, by, expiresAt }));
    this.#register.add(certificate);
    this.#options.changed(this.admission());
    return pem;
  }

  // --- revoking --------------------------------------------------------------------------------------------------------

  /** All certificates of a box, whoever has issued them; only a new enrolment lets it in again. */
  revoke(name: string, by: string, reason: string): Promise<void> {
    const at = new Date(this.#wall()).toISOString();
    this.#register.revoke(...revocationsOf(this.#register, name, { at, by, reason }));
    this.#options.changed(this.admission());
    return this.#recordAll();
  }

  /** A box has logged in with a certificate. */
  connected(name: string, serial: string): void {
    this.#present.set(name, serial);
    const since = new Date(this.#wall()).toISOString();
    const own = this.#register.certificates().find((each) => each.serial === serial);
    if (own === undefined)
      this.#register.add({ name, serial, via: "met", by: "", since, expiresAt: null, keyId: null, pem: null });
    if (own === undefined || own.via === "met") return;
    // The new one has proved itself; whoever still holds an older one is not this box any more.
    const older = this.#living(name).filter((each) => each !== own && (each.via === "met" || each.since <= own.since));
    if (older.length === 0) return;
    const why = { name, at: since, by: "hub", reason: `superseded by ${serial}`, recorded: false };
    this.#register.revoke(...older.map((each) => ({ ...why, serial: each.serial })));
    this.#options.changed(this.admission());
    this.#record();
  }

  /** Null: nobody is connected any more. */
  disconnected(name: string | null): void {
    if (name === null) this.#present.clear();
    else this.#present.delete(name);
  }

  /** Takes in what the command line has done beside this process. */
  look(): void {
    try {
      if (!this.#register.reload()) return;
      this.#options.changed(this.admission());
      this.#record();
    } catch (error) {
      this.#options.trouble(String(error));
    }
  }

  #record(): void {
    this.#recordAll().catch((error: unknown) => this.#options.trouble(`not recorded: ${String(error)}`));
  }

  /** Puts into the chain what does not stand there yet. */
  #recordAll(): Promise<void> {
    return this.#inTurn(async () => {
      for (const revocation of this.#register.revocations().filter(({ recorded }) => !recorded)) {
        const { name, serial, by, reason } = revocation;
        await this.#options.act(factOf("certificate.revoked", name, { serial: serial ?? "all", by, reason }));
        this.#register.revoke({ ...revocation, recorded: true });
      }
    });
  }

  #living(name: string): readonly Certificate[] {
    return livingOf(this.#register, name);
  }

  #wall(): number {
    return this.#options.clock.now().wall;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function expiryOf(certificate: X509Certificate): string {
  return new Date(certificate.validTo).toISOString();
}

function factOf(type: string, name: string, data: Readonly<Record<string, unknown>>): OwnFact {
  const [site = "", edge = ""] = name.split(".");
  return { type, lane: "state", subject: edge, data: { site, edge, ...data } };
}
