// What is published when alarms change: each alarm's picture stays at its topic while it is open, and is taken down when it is
// closed. A pure fold, so that a broker that was started anew, or missed something, is brought up to date by the same steps.
import type { AlarmRecord } from "../../alarm/record.js";
import { alarmTopic } from "../../broker/rooms.js";

export interface Publish {
  readonly topic: string;
  /** Empty takes the picture down. */
  readonly payload: string;
  readonly retain: boolean;
}

/** Topics at which a picture hangs. */
export type Hanging = ReadonlySet<string>;

/** After a change of one alarm. A closed one is shown once more to those who listen. */
export function show(hanging: Hanging, alarm: AlarmRecord): { hanging: Hanging; publishes: readonly Publish[] } {
  const topic = alarmTopic(alarm);
  const payload = JSON.stringify(alarm);
  if (alarm.state !== "closed")
    return { hanging: new Set(hanging).add(topic), publishes: [{ topic, payload, retain: true }] };
  const left = new Set(hanging);
  left.delete(topic);
  return { hanging: left, publishes: [{ topic, payload, retain: false }, takenDown(topic)] };
}

/** Everything as it stands, over what may hang at a broker that was not heard for a while. */
export function showAll(
  hanging: Hanging,
  alarms: readonly AlarmRecord[],
): { hanging: Hanging; publishes: readonly Publish[] } {
  const topics = new Set(alarms.map(alarmTopic));
  const gone = [...hanging].filter((topic) => !topics.has(topic));
  // Oldest first, as they came.
  const shown = alarms.toReversed().map((alarm) => ({
    topic: alarmTopic(alarm),
    payload: JSON.stringify(alarm),
    retain: true,
  }));
  return { hanging: topics, publishes: [...gone.map(takenDown), ...shown] };
}

function takenDown(topic: string): Publish {
  return { topic, payload: "", retain: true };
}
