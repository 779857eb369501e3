// Signed webhooks by the published scheme "Standard Webhooks": HMAC-SHA256 over id, time and body, so that any receiver can check
// them with a library of its own language.
import { createHmac } from "node:crypto";

/** Secrets look like `whsec_` and base64 of 24 to 64 bytes; null when it is none. */
export function readSecret(text: string): Buffer | null {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
}

/** Headers of one message. `id` is the same each time it is sent; `at` is the time of this sending, ms since 1970. */
export function signed(secret: Buffer, { id, at, body }: { id: string; at: number; body: string }) {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
