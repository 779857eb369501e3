// What every device program has in common: a port that it listens on, and an end.
import type { Server } from "node:net";

/** A device program: what it serves can be reached when its start has resolved. */
export interface Program {
  /** TCP port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/** Resolves with the port when `server` listens; rejects when it cannot (EADDRINUSE ...). */
export function listen(server: Server, endpoint: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(endpoint.port, endpoint.host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : endpoint.port);
    });
  });
}
