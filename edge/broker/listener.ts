// The broker's listening socket, plain or TLS, with the limits that stand before any MQTT byte is parsed.
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ErrorCode } from "../model/error.js";
import type { BrokerOptions } from "./broker.js";
import { guardPackets, type PacketFault, packetWithinMsDefault } from "./packet-guard.js";

/** PEM texts. With `requestCert` only clients with a certificate of `ca` get in. */
export interface BrokerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly requestCert: boolean;
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
  server.on("drop", () => refuse("field.login-refused", `more than ${options.connectionsMax} connections`));
  server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
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

/** A handshake that is not done by then ends. */
const handshakeWithinMs = 10_000;

function createServer(options: BrokerOptions, refuse: Refuse): Server {
  if (options.tls === undefined) return createPlainServer({ noDelay: true });
  const server = createTlsServer({
    ...options.tls,
    rejectUnauthorized: options.tls.requestCert,
    minVersion: "TLSv1.2",
    handshakeTimeout: handshakeWithinMs,
    noDelay: true,
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
