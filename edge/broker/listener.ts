// The broker's listening socket, plain or TLS, with the limits that stand before any MQTT byte is parsed.
import { constants } from "node:crypto";
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { ErrorCode } from "../model/error.js";
import type { BrokerOptions } from "./broker.js";
import { chainHolds, chainOf, readAuthorities } from "./certificates.js";
import { guardPackets, type PacketFault, packetWithinMsDefault } from "./packet-guard.js";

/** PEM texts. With `requestCert` only clients with a certificate of `ca` get in. */
export interface BrokerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly requestCert: boolean;
  /** While the clock was never set, chain and purpose of a certificate count but not its dates (rule 1). */
  readonly ignoreDatesWhileClockUnset?: boolean;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

type Refuse = (code: ErrorCode, detail: string) => void;

const faultCodes: Readonly<Record<PacketFault, ErrorCode>> = {
  oversize: "field.payload-oversize",
  malformed: "field.payload-invalid",
  slow: "field.payload-invalid",
};

/** Listens and hands each guarded connection to `accept`. Rejects when the address cannot be bound. */
export async function listen(
  options: BrokerOptions,
  accept: (socket: Socket) => void,
  refuse: Refuse,
): Promise<Listener> {
  const server = createServer(options, refuse);
  const sockets = new Set<Socket>();
  server.maxConnections = options.connectionsMax;
  // Also those that are still in their handshake.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("drop", () => refuse("field.login-refused", `more than ${options.connectionsMax} connections`));
  const admit = judge(options, refuse);
  server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
    if (!admit(socket)) return void socket.destroy();
    socket.setNoDelay(true);
    const limits = {
      packetBytesMax: options.packetBytesMax,
      packetWithinMs: options.packetWithinMs ?? packetWithinMsDefault,
    };
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    guardPackets(socket, limits, options, (fault) => refuse(faultCodes[fault], `${fault} packet from ${peer}`));
    accept(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => refuse("field.unreachable", `listener: ${error.message}`));
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A peer that has vanished without a word is noticed by the kernel even where nobody speaks. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };

/** Whether the certificate of a connection admits it, where the handshake has not decided that already. */
function judge({ tls, clock }: BrokerOptions, refuse: Refuse): (socket: Socket) => boolean {
  if (tls?.requestCert !== true || tls.ignoreDatesWhileClockUnset !== true) return () => true;
  const authorities = readAuthorities(tls.ca);
  return (socket) => {
    if (!(socket instanceof TLSSocket)) return false;
    const isUnset = clock.now().clock === "never-set";
    if (isUnset && chainHolds(chainOf(socket), authorities, "client")) {
      refuse("field.dates-unchecked", `certificate of ${socket.remoteAddress}`);
      return true;
    }
    if (!isUnset && socket.authorized) return true;
    refuse("field.login-refused", `TLS from ${socket.remoteAddress}: ${socket.authorizationError}`);
    return false;
  };
}

/** A handshake that is not done by then ends. */
const handshakeWithinMs = 10_000;

function createServer(options: BrokerOptions, refuse: Refuse): Server {
  const { tls } = options;
  if (tls === undefined) return createPlainServer(socketOptions);
  const server = createTlsServer({
    ...tls,
    // Where dates may not count the handshake lets everybody pass, and `judge` says who stays.
    rejectUnauthorized: tls.requestCert && tls.ignoreDatesWhileClockUnset !== true,
    minVersion: "TLSv1.2",
    // Nobody resumes a session: a certificate is judged anew at each connection, and tickets cost 14 KB for each.
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: handshakeWithinMs,
    ...socketOptions,
  });
  server.on("tlsClientError", (error, socket) => {
    refuse("field.login-refused", `TLS from ${socket.remoteAddress}: ${error.message}`);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
