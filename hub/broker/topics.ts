// Who may say and hear what at the hub's broker. A box speaks for itself only; the hub's intake speaks for nobody but hears all.
import type { BrokerRules } from "../../edge/broker/broker.js";

/** Certificate name of the hub's own client. */
export const intakeName = "hub-intake";
const root = "portcullis/v1";
const upward = ["alarm", "state", "telemetry", "status", "result"];
const downward = ["ack", "command"];
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

/** Certificates decide: whoever has none of our authority, or a name that is neither a box's nor the intake's, stays out. */
export const hubRules: BrokerRules = {
  authenticate: ({ certificateName }) =>
    certificateName !== null && (certificateName === intakeName || boxRoot(certificateName) !== null),
  canPublish: (name, topic, retain) =>
    name === intakeName
      ? topic.startsWith(`${root}/`) && !retain
      : isOwn(name, topic, upward) && (!retain || topic.endsWith("/status")),
  canSubscribe: (name, filter) => name === intakeName || isOwn(name, filter, downward),
  canReceive: (name, topic) => name === intakeName || isOwn(name, topic, downward),
};
