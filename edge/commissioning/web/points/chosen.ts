// The point that a technician has opened: how it is wired, what may be set, and the change that he has tried and not yet made.
import type { SettingChange } from "../../../model/revision.js";
import type { WiringReply } from "../../questions/wiring.js";
import type { ProposalView, SettingsView } from "../../settings/told.js";
import { Refusal } from "../api.js";
import type { Context } from "../context.js";
import { say } from "./texts.js";

export interface Tried {
  readonly view: ProposalView;
  readonly changes: readonly SettingChange[];
  /** On which it was tried. */
  readonly revision: number;
}

export interface Chosen {
  readonly point: string;
  /** Of the box's status when it was read. */
  readonly atRevision: number | undefined;
  readonly wiring: WiringReply | null;
  readonly settings: SettingsView | null;
  readonly tried: Tried | null;
  readonly isApplying: boolean;
}

let chosen: Chosen | null = null;
let isReading = false;

export const chosenPoint = (): Chosen | null => chosen;

export function choose(point: string | null, context: Context): void {
  chosen =
    point === null
      ? null
      : { point, atRevision: undefined, wiring: null, settings: null, tried: null, isApplying: false };
  context.redraw();
  // The heading of what was opened is drawn by then.
  setTimeout(() => document.getElementById(point === null ? "content" : "chosen-title")?.focus(), 50);
}

function put(point: string, next: Partial<Chosen>, context: Context): void {
  if (chosen?.point !== point) return;
  chosen = { ...chosen, ...next };
  context.redraw();
}

/** Reads again whenever another revision is in force. */
export function keepFresh(context: Context): void {
  const revision = context.status?.revision;
  if (chosen === null || isReading || chosen.atRevision === revision || revision === undefined) return;
  const { point } = chosen;
  isReading = true;
  void context.attempt(async () => {
    try {
      const wiring = await context.call<WiringReply>("GET", `wiring?point=${encodeURIComponent(point)}`);
      const settings = await context.call<SettingsView>("GET", "settings");
      const isOld = chosen?.tried?.revision !== settings.revision;
      put(point, { wiring, settings, atRevision: revision, ...(isOld && { tried: null }) }, context);
    } catch (error) {
      // Asked again with the next revision or when it is opened anew.
      put(point, { atRevision: revision }, context);
      throw error;
    } finally {
      isReading = false;
    }
  });
}

export function tryOut(changes: readonly SettingChange[], context: Context): void {
  if (chosen?.settings == null) return;
  const { point, settings } = chosen;
  if (changes.length === 0) {
    context.tell(say("nothingChanged"));
    return;
  }
  void context.attempt(async () => {
    if (!(await context.ensurePerson())) return;
    const view = await context.call<ProposalView>("POST", "settings/check", { changes });
    put(point, { tried: { view, changes, revision: settings.revision } }, context);
    setTimeout(() => document.getElementById("tried-title")?.focus(), 50);
  });
}

export function discard(context: Context): void {
  if (chosen !== null) put(chosen.point, { tried: null }, context);
}

export interface Signature {
  readonly reason: string;
  readonly second?: { readonly name: string; readonly pin: string };
}

export function apply(signature: Signature, context: Context): void {
  if (chosen?.tried == null || chosen.isApplying) return;
  const { point, tried } = chosen;
  const { changes, revision } = tried;
  put(point, { isApplying: true }, context);
  void context.attempt(async () => {
    try {
      const taken = await context.call<{ revision: number }>("POST", "settings", { changes, revision, ...signature });
      put(point, { tried: null, isApplying: false }, context);
      context.tell(say("taken", { revision: taken.revision }));
    } catch (error) {
      put(point, { isApplying: false, ...refusedView(error, tried) }, context);
      throw error;
    }
  });
}

/** The box's checks said no: shown in full where it was tried. */
function refusedView(error: unknown, tried: Tried): Partial<Chosen> {
  if (!(error instanceof Refusal) || !Array.isArray(error.body["proof"])) return {};
  return { tried: { ...tried, view: error.body as unknown as ProposalView } };
}
