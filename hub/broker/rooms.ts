// Topics of the control rooms' own broker, and who may say and hear what there. A control room hears all alarms and
// speaks only in its own name.

import { intakeName } from "../../config/certificate-names.js";
import type { BrokerRules } from "../../edge/broker/broker.js";
import { root } from "./topics.js";

const alarms = `${root}/alarms`;
/** What a control room asks for, each under its own name. */
export const asking = ["act", "replay"] as const;
export type Asking = (typeof asking)[number];
/** What it is answered. */
const answering = ["result", "replayed"] as const;
export type Answering = (typeof answering)[number];

/** Retained while the alarm is not closed: `portcullis/v1/alarms/{site}/{edge}/{id}`; `-` where the hub itself speaks. */
export function alarmTopic({ site, edge, id }: { site: string; edge: string; id: string }): string {
  return `${alarms}/${site || "-"}/${edge || "-"}/${id}`;
}

export function askingFilters(): readonly string[] {
  return asking.map((kind) => `${root}/rooms/+/${kind}`);
}

export function answerTopic(room: string, kind: Answering): string {
  return `${root}/rooms/${room}/${kind}`;
}

/** Who asks for what; null for any other topic. */
export function readAsking(topic: string): { readonly room: string; readonly kind: Asking } | null {
  const [, room, word] = /^portcullis\/v1\/rooms\/([^/]+)\/([^/]+)$/.exec(topic) ?? [];
  const kind = asking.find((each) => each === word);
  return room === undefined || kind === undefined ? null : { room, kind };
}

/** `rooms`: certificate names that are admitted besides the hub's own. */
export function roomRules(rooms: readonly string[]): BrokerRules {
  const known = new Set(rooms);
  const isTopicOf = (name: string, topic: string, kinds: readonly string[]) =>
    kinds.some((kind) => topic === `${root}/rooms/${name}/${kind}`);
  return {
    authenticate: ({ certificateName: name }) => name !== null && (name === intakeName || known.has(name)),
    canPublish: (name, topic, retain) =>
      name === intakeName ? topic.startsWith(`${root}/`) : !retain && isTopicOf(name, topic, asking),
    canSubscribe: (name, filter) =>
      name === intakeName || filter.startsWith(`${alarms}/`) || isTopicOf(name, filter, answering),
    canReceive: (name, topic) =>
      name === intakeName || topic.startsWith(`${alarms}/`) || isTopicOf(name, topic, answering),
  };
}
