// The outlet to one webhook: every change of an alarm as a signed request, one after the other; what is never taken stands in a
// list from which a person sends it again.
import { join } from "node:path";
import type { Clock } from "../../../edge/machine/ports.js";
import type { AlarmFeed } from "../../alarm/acts.js";
import type { AlarmChange, AlarmRecord } from "../../alarm/record.js";
import { type Follower, startFollower, type Verdict } from "../follower.js";
import { wait } from "../wait.js";
import { type Aside, openAside } from "./aside.js";
import { type Attempt, firstOf, isTaken, judge } from "./attempts.js";
import { createPoster } from "./post.js";
import { signed } from "./signature.js";

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly ca: string | undefined;
  readonly answerMs: number;
  readonly giveUpMs: number;
  readonly folder: string;
  readonly feed: Pick<AlarmFeed, "changes">;
  readonly newest: number;
  readonly clock: Clock;
  readonly reachable: (up: boolean, detail: string) => void;
  readonly trouble: (detail: string) => void;
}

/** The body of a request. */
export interface Message {
  readonly type: "alarm.changed";
  /** The hub's number of the change. */
  readonly sequence: number;
  readonly alarm: AlarmRecord;
}

export interface Webhook {
  readonly name: string;
  health(): { readonly reachable: boolean | null; readonly aside: number } & ReturnType<Follower["place"]>;
  /** What was never taken, oldest first. */
  aside(): readonly Aside<Message>[];
  /** Sends what stands aside once more, up to the first that is not taken; gives how many were. */
  sendAsideAgain(): Promise<number>;
  close(): Promise<void>;
}

export function startWebhook(options: WebhookOptions): Webhook {
  const { name, folder } = options;
  const ending = new AbortController();
  const aside = openAside<Message>(join(folder, `webhook-${name}-aside.json`));
  const teller = createTeller(options, ending.signal, aside.add);
  const follower = startFollower<AlarmChange, null, Message>({
    ...options,
    source: options.feed.changes,
    file: join(folder, `webhook-${name}.json`),
    initial: null,
    fold: (state, { sequence, alarms }) => ({
      state,
      events: alarms.map((alarm) => ({ type: "alarm.changed", sequence, alarm })),
    }),
    tell: teller.tell,
  });

  return {
    name,
    health: () => ({ reachable: teller.reachable(), aside: aside.list().length, ...follower.place() }),
    aside: aside.list,
    async sendAsideAgain() {
      let taken = 0;
      for (const entry of aside.list()) {
        if (!isTaken(await teller.attempt(entry.message))) break;
        aside.remove(entry);
        taken += 1;
      }
      return taken;
    },
    async close() {
      ending.abort();
      await follower.close();
      teller.close();
    },
  };
}

/** Sends until a message is taken or stands aside. */
function createTeller(options: WebhookOptions, ending: AbortSignal, setAside: (entry: Aside<Message>) => void) {
  const { clock, name, secret, giveUpMs } = options;
  const poster = createPoster(options);
  let reachable: boolean | null = null;

  async function attempt(message: Message): Promise<Attempt> {
    const body = JSON.stringify(message);
    const headers = signed(secret, { id: `${message.sequence}.${message.alarm.id}`, at: clock.now().wall, body });
    const done = await poster.post({ headers, body, withinMs: options.answerMs, signal: ending });
    const up = isTaken(done);
    if (!ending.aborted && up !== reachable) options.reachable(up, done.detail);
    reachable = up;
    return done;
  }

  async function tell(message: Message): Promise<Verdict> {
    for (let attempts = firstOf(clock.mono()); !ending.aborted; ) {
      const done = await attempt(message);
      if (ending.aborted) break;
      const next = judge(attempts, done, { now: clock.mono(), giveUpMs });
      if (next.kind === "delivered") return "told";
      if (next.kind === "set-aside") {
        setAside({ message, reason: done.detail, at: new Date(clock.now().wall).toISOString() });
        options.trouble(`${name} did not take change ${message.sequence}: ${done.detail}`);
        return "refused";
      }
      attempts = next.attempts;
      await wait(next.inMs, ending);
    }
    return "closing";
  }

  return { reachable: () => reachable, attempt, tell, close: poster.close };
}
