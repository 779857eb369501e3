// Keys and buttons of a wired panel: a change that was seen live and lasted is an order; what was found, kept or lost is none.
import type { Durable } from "../model/durable.js";
import type { Fact } from "../model/fact.js";
import { type PanelAct, type PanelConfig, panelInputs } from "../model/panel.js";
import type { Sample } from "../model/point.js";
import type { Clockwork, Ward } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { hasFaultOrder, workOrder } from "../model/work-order.js";
import { comesAt } from "./due.js";

/** A key or button must stay so long: contacts bounce. */
export const heldMs = 100;
/** Time for a connection to come back before a lost input is a work order. */
const lostGraceMs = 5000;

/** `position`: null while it is not known; `turning`: what it shows differs from it since then. */
export interface PanelInput {
  readonly position: boolean | null;
  readonly turning: MonoMs | null;
}

export const unseenInput: PanelInput = { position: null, turning: null };

/** Only a good sample after a good one is a turn; the first good one, after a start or a loss, only tells the position. */
export function seeInput(input: PanelInput, { value, quality, occurredAt }: Sample): PanelInput {
  if (quality !== "good" || typeof value !== "boolean") return unseenInput;
  if (input.position === null || value === input.position) return { position: input.position ?? value, turning: null };
  return input.turning === null ? { ...input, turning: occurredAt } : input;
}

/** When it has lasted; Infinity while nothing turns. */
export function turnedAt({ turning }: PanelInput): MonoMs {
  return turning === null ? Number.POSITIVE_INFINITY : turning + heldMs;
}

/** What the panel orders when one of its inputs has changed. */
export function panelOrders(
  panel: PanelConfig,
  point: string,
  isOn: boolean,
  durable: Pick<Durable, "incidents">,
): readonly PanelAct[] {
  const keyed = (panel.keys ?? []).filter((key) => key.point === point);
  const kind = isOn ? ("arm" as const) : ("disarm" as const);
  return [
    ...keyed.flatMap(({ areas }) => areas.map((area): PanelAct => ({ kind, area }))),
    ...(isOn && point === panel.silence ? [{ kind: "silence" } as const] : []),
    ...(isOn && point === panel.reset ? resets(durable) : []),
  ];
}

/** A silent hold-up shows nowhere on site, and a posture is no alarm. */
function resets({ incidents }: Pick<Durable, "incidents">): readonly PanelAct[] {
  return Object.values(incidents)
    .filter(({ kind }) => kind !== "hold-up" && kind !== "posture" && kind !== "risk")
    .map(({ id }) => ({ kind: "reset", incident: id }));
}

/** A panel of which something cannot be seen any more must be mended: one work order, however much of it is lost. */
export const panelClock: Clockwork = {
  facts(ward): readonly Fact[] {
    const { config, durable, now } = ward;
    if (orderDueAt(ward) > now.mono) return [];
    return workOrder(deviceOf(ward), "signal-lost", { edge: config.id, durable, now });
  },
  dueAt: orderDueAt,
};

function lostInputs({ config, durable }: Ward): readonly string[] {
  return panelInputs(config.panel ?? {}).filter((point) => durable.lost[point] !== undefined);
}

function orderDueAt(ward: Ward): MonoMs {
  const { durable, now } = ward;
  const lost = lostInputs(ward).flatMap((point) => durable.lost[point] ?? []);
  if (lost.length === 0 || hasFaultOrder(durable, deviceOf(ward))) return Number.POSITIVE_INFINITY;
  return Math.min(...lost.map((since) => comesAt(since, lostGraceMs, now)));
}

/** A dead driver speaks for the panel on it. */
function deviceOf(ward: Ward): string {
  const lost = lostInputs(ward);
  const dead = ward.config.drivers.find(
    ({ id, points }) => ward.linksDown[id] !== undefined && points.some((point) => lost.includes(point.id)),
  );
  return dead === undefined ? `panel:${ward.config.id}` : `driver:${dead.id}`;
}
