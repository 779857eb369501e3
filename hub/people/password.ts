// Passwords as salted scrypt hashes. One hash costs some 0.4 s and 128 MiB, so only a few run at a time.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const hashBytes = 32;
const saltBytes = 16;
export const passwordLengthMin = 12;
export const passwordLengthMax = 128;
/** Hashes under way at once; further ones wait. */
const parallelMax = 2;

/** `scrypt$SALT$HASH`, both base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt);
  return `scrypt$${salt.toString("base64")}$${hash.toString("base64")}`;
}

/** Compares in constant time. With `stored` undefined it takes just as long and says no, so that nobody learns which users exist. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, salt = "", hash = ""] = stored?.split("$") ?? [];
  const derived = await derive(password, Buffer.from(salt, "base64"));
  const expected = Buffer.from(hash, "base64");
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

const waiting: (() => void)[] = [];
let running = 0;

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= parallelMax) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(password.normalize("NFKC"), salt, hashBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
