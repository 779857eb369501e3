// Opens and judges the socket to an existing broker before MQTT says a word, so that no password meets a stranger.
import { connect as connectTcp, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from "node:net";
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

export interface SocketMachine {
  readonly clock: Clock;
  /** Asked for the host's addresses; the system where it is left out. */
  readonly lookup?: LookupFunction;
}

/** Dials; one of `ready` and `failed` follows, unless the returned function gives up before. */
export function openSocket(url: URL, tls: ClientTls, machine: SocketMachine, events: SocketEvents): () => void {
  const { clock, lookup } = machine;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || (portDefault[url.protocol] ?? 1883);
  const to = { host, port, ...(lookup === undefined ? {} : { lookup }) };
  const isTls = url.protocol === "mqtts:";
  const socket = isTls ? encrypt(to, tls) : connectTcp(to);
  // Nagle's algorithm would hold a lone order back until the one before is acknowledged.
  socket.setNoDelay(true);
  const fail = (error: Error) => events.failed(error.message);
  const ended = () => events.failed("closed");
  socket.on("error", fail);
  socket.once("close", ended);
  socket.once(isTls ? "secureConnect" : "connect", () => {
    const by = { ca: tls.ca, clock, datesUnchecked: events.datesUnchecked };
    const reason = isTls ? judgeServer(socket as TLSSocket, host, by) : null;
    if (reason !== null) return void socket.destroy(new Error(reason));
    // From here on whoever speaks MQTT hears of the end.
    socket.off("error", fail).on("error", () => undefined);
    socket.off("close", ended);
    events.ready(socket);
  });
  return () => void socket.destroy();
}

/** Dials by itself: around a TCP socket that still tries one address after the other it would crash the process. */
function encrypt(to: TcpNetConnectOpts & { readonly host: string }, tls: ClientTls): TLSSocket {
  return connectTls({
    ...to,
    ...tls,
    minVersion: "TLSv1.2",
    // Judged below, because dates may not count.
    rejectUnauthorized: false,
    // Server name indication takes no addresses.
    ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
  });
}

export interface ServerJudgement extends Pick<SocketEvents, "datesUnchecked"> {
  /** PEM; left out, the authorities that the system knows. */
  readonly ca: string | undefined;
  readonly clock: Clock;
}

/** Why the broker is not the one that was meant; null when it is. */
export function judgeServer(socket: TLSSocket, host: string, by: ServerJudgement): string | null {
  const wrongName = checkServerIdentity(host, socket.getPeerCertificate());
  if (wrongName !== undefined) return wrongName.message;
  if (socket.authorized) return null;
  const authorities = by.ca ?? rootCertificates.join("\n");
  const isUnset = by.clock.now().clock === "never-set";
  if (!isUnset || !chainHolds(chainOf(socket), readAuthorities(authorities), "server")) {
    return String(socket.authorizationError);
  }
  by.datesUnchecked();
  return null;
}
