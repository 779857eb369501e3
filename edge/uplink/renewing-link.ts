// Links to the hub that keep the box's certificate young: each connection takes the newest pair, asks the hub for a new
// certificate when it is time, and the new pair takes the old one's place once the hub has answered on it.
import { sign } from "node:crypto";
import type { Clock, Link, LinkEvents, Random, Timer } from "../machine/ports.js";
import { type ErrorCode, PortcullisError, type Trouble } from "../model/error.js";
import type { Identity, KeyChain } from "./key-chain.js";
import type { TlsIdentity } from "./mqtt-link.js";
import { asked, failed, isUnanswered, isUrgent, mayAsk, type Renewal, startRenewal, succeeded } from "./renewal.js";
import type { Topics } from "./topics.js";

export interface RenewingSetup {
  readonly keys: KeyChain;
  readonly topics: Topics;
  /** One per address of the hub. */
  readonly addresses: readonly ((tls: TlsIdentity) => Link)[];
  /** A PKCS #10 request for the key, or for a new one; both PEM. */
  readonly createRequest: (key?: string) => Promise<{ readonly request: string; readonly key: string }>;
  readonly machine: { readonly clock: Clock; readonly timer: Timer; readonly random: Random };
  readonly onTrouble: (trouble: Trouble) => void;
}

/** One connection. */
interface Connected {
  readonly link: Link;
  readonly events: LinkEvents;
  readonly identity: Identity;
  cancelTick: () => void;
  /** The hub has spoken: the pair is good. */
  isGood: boolean;
  /** The hub signs requests. */
  renews: boolean;
}

const tickMs = 5_000;
/** After so many failures on the next pair, and one success on the present one, the next pair is given up. */
const nextFailuresMax = 3;

export function createRenewingLinks(setup: RenewingSetup): readonly Link[] {
  const renewer = new Renewer(setup);
  return setup.addresses.map((open) => {
    let present: Link | null = null;
    return {
      connect(events) {
        // Before its successor is there, so that a link that is given up twice is closed once.
        present?.close().catch(() => undefined);
        present = renewer.connect(open, events);
      },
      publish(topic, payload, options) {
        return present === null ? Promise.reject(new Error("not connected")) : present.publish(topic, payload, options);
      },
      async close() {
        const closing = present;
        present = null;
        await closing?.close();
      },
    };
  });
}

class Renewer {
  readonly #setup: RenewingSetup;
  #renewal: Renewal;
  #attempts = 0;
  #nextFailures = 0;
  #asking: Connected | null = null;
  #said = "";

  constructor(setup: RenewingSetup) {
    this.#setup = setup;
    this.#renewal = startRenewal(this.#share());
  }

  connect(open: (tls: TlsIdentity) => Link, events: LinkEvents): Link | null {
    const identity = this.#choose();
    if (identity instanceof PortcullisError) {
      const { code, place, detail } = identity.trouble;
      // Said once; it is tried again and again.
      if (this.#said !== identity.message) this.#trouble(code, detail, place);
      this.#said = identity.message;
      // Not before the caller knows of its attempt.
      queueMicrotask(() => events.down(identity.message));
      return null;
    }
    const link = open(identity.tls);
    const connected: Connected = { link, events, identity, cancelTick: () => undefined, isGood: false, renews: false };
    link.connect({
      up: events.up,
      down: (reason) => {
        this.#down(connected);
        events.down(reason);
      },
      message: (topic, payload, retained) => {
        const { ack, renewed } = this.#setup.topics;
        if (topic === ack && !retained) this.#spoke(connected, payload);
        if (topic !== renewed) events.message(topic, payload, retained);
        else if (!retained) this.#answered(connected, payload);
      },
    });
    const close = () => {
      connected.cancelTick();
      return link.close();
    };
    return { ...link, close };
  }

  /** The next pair for one round over all addresses, then the present one, in turn. */
  #choose(): Identity | PortcullisError {
    const { keys, addresses } = this.#setup;
    const isForNext = Math.floor(this.#attempts / addresses.length) % 2 === 0;
    this.#attempts += 1;
    try {
      const next = keys.next();
      if (next === null) return keys.present();
      if (isForNext) return next;
      return this.#presentElse(next);
    } catch (error) {
      if (error instanceof PortcullisError) return error;
      throw error;
    }
  }

  #hasNext(): boolean {
    return this.#setup.keys.next() !== null;
  }

  /** A box that is new, or whose old pair is spoilt, has only the next one. */
  #presentElse(next: Identity): Identity {
    try {
      return this.#setup.keys.present();
    } catch (error) {
      if (error instanceof PortcullisError) return next;
      throw error;
    }
  }

  #spoke(connected: Connected, payload: string): void {
    connected.renews ||= /"renews":true/.test(payload);
    if (connected.isGood) return;
    connected.isGood = true;
    this.#attempts = 0;
    if (connected.identity.which === "next") {
      this.#nextFailures = 0;
      this.#promote();
    } else if (this.#nextFailures > 0 && this.#hasNext()) {
      if (this.#nextFailures >= nextFailuresMax) {
        this.#setup.keys.discardNext();
        this.#nextFailures = 0;
      }
      this.#failed("the hub did not take the new certificate");
    }
    this.#tick(connected);
  }

  /** A disk that takes nothing leaves both pairs as they are. */
  #promote(): void {
    try {
      this.#setup.keys.promote();
      this.#renewal = succeeded(this.#renewal);
    } catch (error) {
      this.#failed(String(error));
    }
  }

  #down(connected: Connected): void {
    connected.cancelTick();
    if (!connected.isGood && connected.identity.which === "next") this.#nextFailures += 1;
    if (this.#asking !== connected) return;
    this.#asking = null;
    this.#failed("the connection ended before the answer");
  }

  #tick(connected: Connected): void {
    const { clock, timer } = this.#setup.machine;
    connected.cancelTick = timer.at(clock.mono() + tickMs, () => this.#tick(connected));
    const now = clock.now();
    // Somebody has enrolled the box anew beside this process.
    if (
      connected.identity.which === "present" &&
      this.#asking === null &&
      now.mono >= this.#renewal.nextAt &&
      this.#hasNext()
    ) {
      this.#again(connected);
      return;
    }
    if (isUnanswered(this.#renewal, now)) {
      this.#asking = null;
      this.#failed("no answer");
    }
    const validity = validityOf(connected.identity);
    if (!mayAsk(this.#renewal, validity, now)) return;
    this.#renewal = asked(this.#renewal, now);
    if (!connected.renews) {
      this.#failed("the hub does not renew certificates", validity);
      return;
    }
    this.#asking = connected;
    this.#ask(connected).catch((error: unknown) => {
      // The connection's end has been counted already, or the answer was too late.
      if (this.#asking !== connected) return;
      this.#asking = null;
      this.#failed(String(error), validity);
    });
  }

  async #ask({ link, identity: { tls } }: Connected): Promise<void> {
    const { keys, createRequest, topics } = this.#setup;
    const key = await keys.requestKey(async () => (await createRequest()).key);
    const { request } = await createRequest(key);
    const signature = sign("sha256", Buffer.from(request), tls.key).toString("base64");
    await link.publish(topics.renew, JSON.stringify({ request, certificate: tls.cert, signature }));
  }

  #answered(connected: Connected, payload: string): void {
    if (this.#asking !== connected) return;
    this.#asking = null;
    try {
      const { certificate, code } = JSON.parse(payload) as { readonly certificate?: unknown; readonly code?: unknown };
      if (typeof certificate !== "string") throw new Error(String(code));
      // Only what the present authority has signed; a new authority needs a person (enrolment).
      this.#setup.keys.takeNext(certificate, connected.identity.tls.ca);
      this.#nextFailures = 0;
      this.#renewal = succeeded(this.#renewal);
      this.#again(connected);
    } catch (error) {
      this.#failed(String(error), validityOf(connected.identity));
    }
  }

  /** The connection is made anew, with the next pair. */
  #again({ events, cancelTick, link }: Connected): void {
    cancelTick();
    this.#attempts = 0;
    link.close().catch(() => undefined);
    events.down("a new certificate is there");
  }

  #failed(detail: string, validity?: Validity): void {
    const now = this.#setup.machine.clock.now();
    this.#renewal = failed(this.#renewal, now, this.#share());
    const isLate = validity !== undefined && isUrgent(validity, now);
    this.#trouble(isLate ? "keys.expiring" : "keys.renewal-refused", detail);
  }

  #share(): number {
    return (this.#setup.machine.random.bytes(1)[0] ?? 0) / 256;
  }

  #trouble(code: ErrorCode, detail: string, place = "uplink"): void {
    this.#setup.onTrouble({ code, place, detail });
  }
}

type Validity = Parameters<typeof isUrgent>[0];

function validityOf({ certificate }: Identity): Validity {
  return { from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) };
}
