// Who may say and hear what at the hub's broker. A box speaks for itself only; the hub's intake speaks for nobody but hears all.
import { intakeName } from "../../config/certificate-names.js";
import type { BrokerRules } from "../../edge/broker/broker.js";
import { type Admission, everybody, isAdmitted } from "./admission.js";

export const root = "portcullis/v1";
const intakeBytesMax = 64 * 1024 * 1024;
const boxBytesMax = 1024 * 1024;
export const upward = ["alarm", "state", "telemetry", "status", "result", "renew"];
export const downward = ["ack", "command", "renewed"];
/** Ids of sites and boxes; no dot, because `{site}.{edge}` is the certificate's name. */
const boxName = /^([a-z0-9][a-z0-9-]{0,62})\.([a-z0-9][a-z0-9-]{0,62})$/;

/** `portcullis/v1/{site}/{edge}` of the box with this certificate name; null when it is no box's name. */
export function boxRoot(name: string): string | null {
  const [, site, edge] = boxName.exec(name) ?? [];
  return site === undefined || edge === undefined ? null : `${root}/${site}/${edge}`;
}

function isOwn(name: string, topic: string, kinds: readonly string[]): boolean {
  const own = boxRoot(name);
  return own !== null && kinds.some((kind) => topic === `${own}/${kind}`);
}

/**
 * Certificates decide: whoever has none of our authority, one that `admission` does not let pass, or a name that is
 * neither the intake's nor one of `boxes` (`{site}.{edge}`), stays out.
 */
export function hubRules(boxes: readonly string[], admission: () => Admission = () => everybody): BrokerRules {
  const known = new Set(boxes.filter((name) => boxRoot(name) !== null));
  return {
    authenticate: ({ certificateName: name, certificateSerial: serial }) =>
      name === intakeName || (name !== null && known.has(name) && isAdmitted(admission(), name, serial)),
    canPublish: (name, topic, retain) => {
      if (name === intakeName) return topic.startsWith(`${root}/`) && !retain;
      return isOwn(name, topic, upward) && (!retain || topic.endsWith("/status"));
    },
    canSubscribe: (name, filter) => name === intakeName || isOwn(name, filter, downward),
    // All boxes together drain into the one intake: cutting that off loses what is on its way from every one of them.
    waitingBytesMax: (name) => (name === intakeName ? intakeBytesMax : boxBytesMax),
    canReceive: (name, topic) => name === intakeName || isOwn(name, topic, downward),
  };
}
