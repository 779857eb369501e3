// The wire to a receiver: TCP kept open, or UDP. Dials when there is something to send; framing from line feed to carriage return.
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { replyBytesMax } from "./frame.js";

export interface LineEvents {
  /** One answer, from line feed to carriage return. */
  answer(bytes: Buffer): void;
  down(reason: string): void;
}

export interface Line {
  /** Never waits; a line that cannot be had says `down`. */
  send(bytes: Buffer): void;
  /** Ends the present connection without a word; the next `send` dials anew. */
  hangUp(): void;
}

export interface Target {
  readonly transport: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
}

const dialWithinMs = 5000;
const carriageReturn = 0x0d;

export function createLine(target: Target, events: LineEvents): Line {
  return target.transport === "tcp" ? tcpLine(target, events) : udpLine(target, events);
}

function tcpLine({ host, port }: Target, events: LineEvents): Line {
  let present: Socket | null = null;

  function dial(): Socket {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    socket.setTimeout(dialWithinMs, () => {
      if (socket.connecting) socket.destroy(new Error("no connection in time"));
    });
    let heard = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      for (let end = heard.indexOf(carriageReturn); end >= 0; end = heard.indexOf(carriageReturn)) {
        events.answer(heard.subarray(0, end + 1));
        heard = heard.subarray(end + 1);
      }
      if (heard.length > replyBytesMax) socket.destroy(new Error("an answer without an end"));
    });
    let reason = "closed by the receiver";
    socket.on("error", (error) => {
      reason = error.message;
    });
    socket.on("close", () => {
      if (present !== socket) return;
      present = null;
      events.down(reason);
    });
    return socket;
  }

  return {
    send(bytes) {
      present ??= dial();
      present.write(bytes);
    },
    hangUp() {
      const socket = present;
      present = null;
      socket?.destroy();
    },
  };
}

function udpLine({ host, port }: Target, events: LineEvents): Line {
  let present: UdpSocket | null = null;

  function open(): UdpSocket {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.on("message", (bytes) => events.answer(bytes));
    socket.on("error", (error) => {
      if (present !== socket) return;
      present = null;
      socket.close();
      events.down(error.message);
    });
    return socket;
  }

  return {
    send(bytes) {
      present ??= open();
      present.send(bytes, port, host, (error) => {
        if (error !== null) events.down(error.message);
      });
    },
    hangUp() {
      const socket = present;
      present = null;
      socket?.close();
    },
  };
}
