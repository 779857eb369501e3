// A refusal in the answer of a hub or a box, as the same trouble here.
import { errorCodes, PortcullisError } from "../edge/model/error.js";

/** Null when the body says no code that we know. */
export function refusalIn(body: unknown): PortcullisError | null {
  if (typeof body !== "object" || body === null) return null;
  const { code, place, detail, message, obstacles } = body as Readonly<Record<string, unknown>>;
  const known = errorCodes.find((each) => each === code);
  if (known === undefined) return null;
  // A hub says the detail at the end of its message, whose rest stands in our own catalogue.
  const said = detail ?? /\((.*)\)$/.exec(String(message))?.[1] ?? "";
  const against = [String(said), ...obstaclesIn(obstacles)].filter((part) => part !== "").join("; ");
  return new PortcullisError({ code: known, place: String(place), detail: against });
}

/** What stands against an order, where the answer lists it. */
function obstaclesIn(listed: unknown): readonly string[] {
  if (!Array.isArray(listed)) return [];
  return listed.map((each: Readonly<Record<string, unknown>>) => `${each["subject"]}: ${each["why"]}`);
}
