// Word to the outside by wired channels, and outputs that are held for an incident: what their points are to be, and what was delivered.
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { Step } from "../model/incident.js";
import type { ChannelConfig } from "../model/plan.js";
import type { EdgeConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import type { MonoMs, Stamp } from "../model/time.js";
import { ageMs } from "./due.js";
import type { Outputs, OutputValue } from "./outputs.js";

/** A dialler is triggered for so long after it has confirmed, then rests as long before it is triggered again. */
export const pulseMs = 2000;

type OutputChannel = ChannelConfig & { readonly kind: "output" };
type NotifyStep = Step & { readonly action: { readonly kind: "notify" } };
type Wishes = Readonly<Record<string, OutputValue>>;

/**
 * Notify steps by way of the hub that are not delivered: the controller asks for each once, and again after a start. A missed one is
 * still worth delivering.
 */
export function hubNotifications(config: EdgeConfig, durable: Durable): readonly NotifyStep[] {
  return (config.channels ?? []).flatMap(({ id, kind }) => (kind === "hub" ? waitingFor(id, durable) : []));
}

/** What the points of wired channels are to be at this moment; one that takes texts is left as it is when nothing waits. */
export function notifyOutputs(config: EdgeConfig, durable: Durable, now: Stamp): Wishes {
  const wishes: Record<string, OutputValue> = {};
  for (const channel of wiredChannels(config)) {
    const next = nextFor(channel, durable);
    if (channel.payload === "text") {
      if (next !== undefined) wishes[channel.point] = messageOf(next, config, durable);
      continue;
    }
    const sinceMs = sinceConfirmed(channel, durable, now);
    wishes[channel.point] = sinceMs < pulseMs || (next !== undefined && sinceMs >= 2 * pulseMs);
  }
  return wishes;
}

/** Outputs that open incidents hold on; all others of this kind are off. */
export function switchOutputs(config: EdgeConfig, durable: Durable): Readonly<Record<string, boolean>> {
  const held = Object.values(durable.steps).flatMap(({ action, outcome }) =>
    action.kind === "switch" && outcome !== "inhibited" ? [action.point] : [],
  );
  const known = config.responses.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "switch" ? step.point : [])),
  );
  return Object.fromEntries([...known, ...held].map((point) => [point, held.includes(point)]));
}

/** When a wired channel's device has confirmed this very notification; null while it has not. */
export function deliveredAt(
  step: Step,
  { config, durable, outputs, now }: { config: EdgeConfig; durable: Durable; outputs: Outputs; now: Stamp },
): MonoMs | null {
  const { action } = step;
  const channel = wiredChannels(config).find(({ id }) => action.kind === "notify" && id === action.channel);
  const output = channel === undefined ? undefined : outputs[channel.point];
  if (channel === undefined || output === undefined || output.confirmedAt === null) return null;
  const wanted = channel.payload === "on" ? true : messageOf(step, config, durable);
  const isOlder = step.decidedAt.boot === now.boot && output.confirmedAt < step.decidedAt.mono;
  return output.wanted === wanted && !isOlder ? output.confirmedAt : null;
}

function wiredChannels({ channels = [] }: EdgeConfig): readonly OutputChannel[] {
  return channels.filter((channel) => channel.kind === "output");
}

function ofChannel(id: string, durable: Durable): readonly NotifyStep[] {
  return Object.values(durable.steps).filter(
    (step): step is NotifyStep => step.action.kind === "notify" && step.action.channel === id,
  );
}

function waitingFor(id: string, durable: Durable): readonly NotifyStep[] {
  return ofChannel(id, durable).filter(
    ({ outcome, confirmedAt }) => confirmedAt === null && (outcome === "open" || outcome === "missed"),
  );
}

/** Texts go one by one; what can still be in time goes first. */
function nextFor({ id }: OutputChannel, durable: Durable): NotifyStep | undefined {
  const waiting = waitingFor(id, durable);
  return waiting.find(({ outcome }) => outcome === "open") ?? waiting[0];
}

function sinceConfirmed({ id }: OutputChannel, durable: Durable, now: Stamp): number {
  const ages = ofChannel(id, durable).map(({ confirmedAt }) =>
    confirmedAt === null ? Number.POSITIVE_INFINITY : ageMs(confirmedAt, now),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...ages);
}

/** Both languages, and the step's id, so that the same words are never taken for the same message. */
function messageOf({ id, incident, response }: Step, config: EdgeConfig, durable: Durable): string {
  const name = config.responses.find((known) => known.id === response)?.name ?? { zh: response, en: response };
  const mark = durable.incidents[incident]?.exercise === true ? "演练 EXERCISE · " : "";
  return `${mark}${config.name.zh}：${name.zh} · ${config.name.en}: ${name.en} · ${id}`;
}

/** Steps whose output is wanted now and was not before. */
function commanded({ config, durable, now }: Ward): readonly Fact[] {
  const wishes = notifyOutputs(config, durable, now);
  const notified = wiredChannels(config).flatMap((channel) => {
    if (wishes[channel.point] === false) return [];
    const next = nextFor(channel, durable);
    return channel.payload === "on" ? waitingFor(channel.id, durable) : next === undefined ? [] : [next];
  });
  const switched = Object.values(durable.steps).filter(({ action }) => action.kind === "switch");
  return [...notified, ...switched]
    .filter(({ outcome, commandedAt }) => outcome === "open" && commandedAt === null)
    .map(({ id, incident }) => fact("step.commanded", id, { step: id, incident, at: now }));
}

export const channelClock: Clockwork = {
  facts: commanded,
  dueAt({ config, durable, now }) {
    const ends = wiredChannels(config)
      .filter(({ payload }) => payload === "on")
      .map((channel) => sinceConfirmed(channel, durable, now))
      .flatMap((sinceMs) => [pulseMs - sinceMs, 2 * pulseMs - sinceMs])
      .filter((leftMs) => leftMs > 0);
    return now.mono + Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};
