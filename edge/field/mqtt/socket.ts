// Opens and judges the socket to an existing broker before MQTT says a word, so that no password meets a stranger.
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, rootCertificates, type TLSSocket } from "node:tls";
import { chainHolds, chainOf, readAuthorities } from "../../broker/certificates.js";
import type { Clock } from "../../machine/ports.js";

const portDefault: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883 };

/** PEM texts. */
export interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface SocketEvents {
  ready(socket: Socket): void;
  failed(reason: string): void;
  /** The clock was never set: the certificate holds but for its dates (rule 1). */
  datesUnchecked(): void;
}

/** Dials; one of `ready` and `failed` follows, unless the returned function gives up before. */
export function openSocket(url: URL, tls: ClientTls, clock: Clock, events: SocketEvents): () => void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const to = { host, port: Number(url.port) || (portDefault[url.protocol] ?? 1883) };
  // Nagle's algorithm would hold a lone order back until the one before is acknowledged.
  const tcp = connectTcp({ ...to, noDelay: true });
  const socket = url.protocol === "mqtts:" ? encrypt(tcp, host, tls) : tcp;
  const fail = (error: Error) => events.failed(error.message);
  const ended = () => events.failed("closed");
  for (const each of new Set<Socket>([tcp, socket])) each.on("error", fail);
  socket.once("close", ended);
  socket.once(socket === tcp ? "connect" : "secureConnect", () => {
    const reason = socket === tcp ? null : judge(socket as TLSSocket, host, { tls, clock, events });
    if (reason !== null) return void socket.destroy(new Error(reason));
    // From here on whoever speaks MQTT hears of the end.
    for (const each of new Set<Socket>([tcp, socket])) each.off("error", fail).on("error", () => undefined);
    socket.off("close", ended);
    events.ready(socket);
  });
  return () => void socket.destroy();
}

function encrypt(socket: Socket, host: string, tls: ClientTls): TLSSocket {
  return connectTls({
    socket,
    ...tls,
    minVersion: "TLSv1.2",
    // Judged below, because dates may not count.
    rejectUnauthorized: false,
    // Server name indication takes no addresses.
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
}

/** Why the broker is not the one that was meant; null when it is. */
function judge(
  socket: TLSSocket,
  host: string,
  by: { readonly tls: ClientTls; readonly clock: Clock; readonly events: SocketEvents },
): string | null {
  const wrongName = checkServerIdentity(host, socket.getPeerCertificate());
  if (wrongName !== undefined) return wrongName.message;
  if (socket.authorized) return null;
  const authorities = by.tls.ca === undefined ? rootCertificates.join("\n") : by.tls.ca;
  const isUnset = by.clock.now().clock === "never-set";
  if (!isUnset || !chainHolds(chainOf(socket), readAuthorities(authorities), "server")) {
    return String(socket.authorizationError);
  }
  by.events.datesUnchecked();
  return null;
}
