// Who may connect: CURVE alone admits every client key, so each handshake is asked here (ZAP, RFC 27).
import { type Context, Reply } from "zeromq";
import { z85 } from "./frames.js";

/** Answers handshakes of this context's sockets until the socket is closed. `allowed` are public keys in Z85. */
export async function openDoor(
  context: Context,
  allowed: readonly string[],
  refused: (detail: string) => void,
): Promise<Reply> {
  const door = new Reply({ context });
  await door.bind("inproc://zeromq.zap.01");
  void answer(door, new Set(allowed), refused).catch((error: unknown) => refused(`the door failed: ${String(error)}`));
  return door;
}

async function answer(door: Reply, allowed: ReadonlySet<string>, refused: (detail: string) => void): Promise<void> {
  for await (const [version, request, _domain, address, _identity, mechanism, key] of door) {
    const known = mechanism?.toString() === "CURVE" && key !== undefined && allowed.has(z85(key));
    if (!known) refused(`unknown key from ${address?.toString() ?? "nowhere"}`);
    const verdict = known ? ["200", "OK", "control-room", ""] : ["400", "unknown key", "", ""];
    await door.send([version ?? "1.0", request ?? "", ...verdict]);
  }
}
