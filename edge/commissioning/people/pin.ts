// PINs: which ones are taken, and how they are kept: as salted scrypt hashes only.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

export const pinLimits = {
  digitsMin: 6,
  digitsMax: 12,
  parallel: 2,
  waiting: 16,
  /** Beyond this only who is known, or stands at the box, may have one reckoned. */
  waitingOfStrangers: 8,
} as const;

/** Costs some 0.1 s and 32 MiB on a small box; stands in the hash, so that it can grow. */
const costLog2 = 15;
const costLog2Max = 20;
const blockSize = 8;
const hashBytes = 32;
const saltBytes = 16;

/** Tried first by everybody who tries. */
const common = [
  "112233",
  "123321",
  "147258",
  "159753",
  "159357",
  "147852",
  "258369",
  "520520",
  "521521",
  "131452",
  "789456",
];

/** Whether it is digits, long enough, and not one that is guessed at once. */
export function isFitPin(pin: string): boolean {
  if (!/^[0-9]+$/.test(pin) || pin.length < pinLimits.digitsMin || pin.length > pinLimits.digitsMax) return false;
  return !isRun(pin) && !isRepetition(pin) && !isDate(pin) && !common.includes(pin);
}

/** Every digit follows from the one before by the same step: 111111, 123456, 987654, 135791, 890123. */
function isRun(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, at) => (digit - (digits[at] ?? 0) + 10) % 10);
  return new Set(steps).size === 1;
}

/** 121212, 123123, 12341234. */
function isRepetition(pin: string): boolean {
  return /^(\d{1,4})\1+$/.test(pin);
}

/** A birthday, in any order of its parts: the first that somebody tries who knows the person, and 1 in 10 of all PINs only. */
function isDate(pin: string): boolean {
  const year = /^(?:(?:19|20)\d\d(\d{4})|(\d{4})(?:19|20)\d\d)$/.exec(pin);
  if (year !== null) return isDayOfYear(year[1] ?? year[2] ?? "");
  return pin.length === 6 && (isDayOfYear(pin.slice(2)) || isDayOfYear(pin.slice(0, 4)));
}

/** Month and day, either first. */
function isDayOfYear(digits: string): boolean {
  return /^(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]))$/.test(digits);
}

/** `scrypt$COST$SALT$HASH`: log2 of the cost, then base64. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(pin, salt, costLog2);
  return `scrypt$${costLog2}$${salt.toString("base64")}$${hash.toString("base64")}`;
}

/** Compares in constant time. With `stored` null it takes just as long and says no, so that nobody learns what is there. */
export async function isPin(pin: string, stored: string | null): Promise<boolean> {
  const [, cost = "", salt = "", hash = ""] = stored?.split("$") ?? [];
  const log2 = stored === null ? costLog2 : Number(cost);
  if (!Number.isInteger(log2) || log2 < 1 || log2 > costLog2Max) return false;
  const derived = await derive(pin, Buffer.from(salt, "base64"), log2);
  const expected = Buffer.from(hash, "base64");
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

const waiting: (() => void)[] = [];
let running = 0;

/** Whether another hash may be asked for; the rest would only wait and hold memory. */
export function hasRoomForHashes(ofStranger: boolean): boolean {
  return waiting.length < (ofStranger ? pinLimits.waitingOfStrangers : pinLimits.waiting);
}

async function derive(pin: string, salt: Buffer, log2: number): Promise<Buffer> {
  if (running >= pinLimits.parallel) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  const cost = { N: 2 ** log2, r: blockSize, p: 1, maxmem: 2 ** log2 * blockSize * 256 };
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(pin.normalize("NFKC"), salt, hashBytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
