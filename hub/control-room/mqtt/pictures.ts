// What is published when alarms change: each alarm's picture stays at its topic while it is open, and is taken down when it is
// closed. Pure, so that a broker that was started anew, or missed something, is brought up to date by the same steps.
import type { AlarmRecord } from "../../alarm/record.js";
import { alarmTopic } from "../../broker/rooms.js";

export interface Publish {
  readonly topic: string;
  /** Empty takes the picture down. */
  readonly payload: string;
  readonly retain: boolean;
}

/** After a change of one alarm. A closed one is shown once more to those who listen. */
export function show(alarm: AlarmRecord): readonly Publish[] {
  const shown = { topic: alarmTopic(alarm), payload: JSON.stringify(alarm), retain: alarm.state !== "closed" };
  return shown.retain ? [shown] : [shown, takenDown(shown.topic)];
}

/** Everything as it stands, over what may hang at a broker that was not heard for a while. */
export function showAll(hanging: ReadonlySet<string>, alarms: readonly AlarmRecord[]): readonly Publish[] {
  const topics = new Set(alarms.map(alarmTopic));
  const gone = [...hanging].filter((topic) => !topics.has(topic));
  // Oldest first, as they came.
  return [...gone.map(takenDown), ...alarms.toReversed().flatMap(show)];
}

function takenDown(topic: string): Publish {
  return { topic, payload: "", retain: true };
}
