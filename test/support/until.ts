// Waiting for what another process does: asks again and again, and says what it saw last when time is up.
import { setTimeout as pause } from "node:timers/promises";

const askEveryMs = 100;

/** The first answer that is neither false, null nor undefined. Rejections count as "not yet". */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | null | undefined>,
  withinMs = 15_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    let seen: unknown;
    try {
      const answer = await look();
      if (answer !== false && answer !== null && answer !== undefined) return answer;
      seen = answer;
    } catch (error) {
      seen = error;
    }
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: seen });
    await pause(askEveryMs);
  }
}
