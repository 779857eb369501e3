// The links to the addresses of the hub, by mutual TLS with keys that are renewed; plain ones on loopback in the demo.
import { judgeServer } from "../field/mqtt/socket.js";
import type { Clock, Link, Random, Timer } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import { openKeyChain } from "../uplink/key-chain.js";
import { createMqttLink, type HubJudge, type TlsIdentity } from "../uplink/mqtt-link.js";
import { createRenewingLinks } from "../uplink/renewing-link.js";
import { topicsOf } from "../uplink/topics.js";
import type { RecorderOptions } from "./recorder-messages.js";

export interface HubLinksMachine {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
}

/** One per address; none without an uplink. */
export function openHubLinks(
  { site, edge, uplink }: RecorderOptions,
  machine: HubLinksMachine,
  onTrouble: (trouble: Trouble) => void,
): readonly Link[] {
  if (uplink === undefined) return [];
  const topics = topicsOf(site, edge);
  const common = {
    clientId: `${site}.${edge}`,
    subscribe: [topics.ack, topics.command],
    will: { topic: topics.status, payload: JSON.stringify({ online: false }) },
  };
  const { hubs, ca, cert, key } = uplink;
  const isSecure = ca !== undefined && cert !== undefined && key !== undefined;
  if (!isSecure || hubs.every((url) => url.startsWith("mqtt:")))
    return hubs.map((url) => createMqttLink({ ...common, url }));
  const open = (url: string) => (tls: TlsIdentity) =>
    createMqttLink({ ...common, url, tls, judge: judgeOf(url), subscribeIfAllowed: [topics.renewed] });
  const keys = openKeyChain({ ca, cert, key }, common.clientId);
  return createRenewingLinks({ keys, topics, addresses: hubs.map(open), createRequest, machine, onTrouble });

  function judgeOf(url: string): HubJudge {
    const detail = "the clock was never set: the hub's certificate holds but for its dates";
    const datesUnchecked = () => onTrouble({ code: "field.dates-unchecked", place: url, detail });
    return (socket, host, authority) =>
      judgeServer(socket, host, { ca: authority, clock: machine.clock, datesUnchecked });
  }

  /** What it needs is loaded when it is needed: twice in the life of a certificate. */
  async function createRequest(present?: string) {
    const requests = await import("../../config/signing-requests.js");
    return requests.createRequest(common.clientId, present);
  }
}
