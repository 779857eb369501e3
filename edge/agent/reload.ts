// Takes a new configuration into the running box, in one piece or not at all (rule 12): checked, stored, then switched.
import type { Clock, Timer } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import type { Outcome } from "../model/revision.js";
import type { Drivers } from "./drivers.js";
import { refusedBecause, taken } from "./next-settings.js";
import type { Settings } from "./settings.js";
import type { SettingsFolder } from "./settings-folder.js";

const lookEveryMs = 1_000;

export interface ReloadParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly folder: SettingsFolder;
  readonly present: () => Settings;
  readonly drivers: Pick<Drivers, "prepare">;
  /** The controller goes on with it; durable state stays. */
  readonly switchTo: (settings: Settings) => void;
  readonly refused: (troubles: readonly Trouble[]) => void;
  /** The outcome could not be written down. */
  readonly failed: (error: unknown) => void;
}

/** Looks for a waiting file each second; the returned function ends it. */
export function watchSettings(parts: ReloadParts): () => void {
  const { clock, timer, folder } = parts;
  let cancel: () => void = () => undefined;
  let handled: string | null = null;
  let ended = false;

  async function look(): Promise<void> {
    const waiting = folder.waiting();
    if (waiting !== null && waiting !== handled) {
      handled = waiting;
      const { outcome, opened } = await takeNext(parts);
      await Promise.all([folder.answer(outcome).catch(parts.failed), opened]);
    }
    if (!ended) cancel = timer.at(clock.mono() + lookEveryMs, () => void look());
  }

  cancel = timer.at(clock.mono() + lookEveryMs, () => void look());
  return () => {
    ended = true;
    cancel();
  };
}

interface Taken {
  readonly outcome: Outcome;
  /** The new drivers work on their connections, which may take as long as their libraries need to load. */
  readonly opened: Promise<void>;
}

/** Nothing has changed unless the outcome is ok: whatever can fail comes before the switch. */
async function takeNext(parts: ReloadParts): Promise<Taken> {
  const present = parts.present();
  const refuse = (troubles: readonly Trouble[]): Taken => {
    parts.refused(troubles);
    return { outcome: refusedBecause(present, troubles), opened: Promise.resolve() };
  };
  try {
    const next = await parts.folder.check(present);
    if (!next.ok) return refuse(next.troubles);
    const switchDrivers = parts.drivers.prepare(next.settings.config.drivers);
    await parts.folder.store(next.text);
    const opened = switchDrivers();
    parts.switchTo(next.settings);
    return { outcome: taken(next.settings, present), opened };
  } catch (error) {
    return refuse([{ code: "config.unreadable", place: "data folder", detail: String(error) }]);
  }
}
