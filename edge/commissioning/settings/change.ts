// A change of settings in somebody's name: rights, the second person, the checks, then the box's own word; each refusal is recorded.
import { randomUUID } from "node:crypto";
import { type ErrorCode, PortcullisError, refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import type { Outcome, RevisionNote, SettingChange } from "../../model/revision.js";
import { mayAgreeToTune, mayTune } from "../../model/rights.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import type { Who } from "../people/login.js";
import type { LoginFrom } from "../people/throttle.js";
import type { BoxStatus } from "../status.js";
import { type Consent, type ConsentReason, consentFor, consentForAll } from "./consent.js";
import { heldBack } from "./held-back.js";
import { type KeptRevision, readHistory } from "./history.js";
import { offer, readStored } from "./offer.js";
import { type Present, type Proposal, presentOf, propose, proposeBack } from "./proposal.js";
import { presentText } from "./view.js";

/** Changes of values, or the way back to an earlier revision. */
export type Wish =
  | { readonly changes: readonly SettingChange[] }
  | { /** A revision of the history. */ readonly to: number };

export interface Order {
  readonly wish: Wish;
  readonly reason: string;
  /** On which the person who wants it has looked. */
  readonly revision: number;
  readonly second: { readonly name: string; readonly pin: string } | undefined;
  readonly from: LoginFrom;
}

export interface Standing {
  readonly present: Present;
  readonly status: BoxStatus;
  readonly history: readonly KeptRevision[];
}

export interface Case {
  readonly proposal: Proposal;
  readonly consent: Consent;
}

export type Done =
  | { readonly kind: "taken"; readonly note: RevisionNote; readonly afterRestart: readonly string[] }
  | { readonly kind: "refused"; readonly proposal: Proposal; readonly consent: Consent }
  | { readonly kind: "not-taken"; readonly outcome: Outcome };

/** @throws PortcullisError while the controller has not spoken, or when the file is not what is in force. */
export function standingOf(desk: Desk): Standing {
  const status = desk.status();
  if (status === null) throw refusal("api.no-answer", "controller", "the box is starting");
  const text = readStored(desk.dataDir);
  const present = presentOf(text, status.edge);
  return { present, status, history: readHistory(desk.dataDir, text) };
}

/** What would become of it; refused only where there is nothing to check. @throws PortcullisError */
export function judge({ present, status, history }: Standing, wish: Wish): Case {
  const { edge } = present;
  if ("changes" in wish) {
    const proposal = propose(present, wish.changes);
    return { proposal, consent: consentFor(edge, wish.changes, status.durable) };
  }
  const kept = history.find((each) => each.revision === wish.to && !each.isPresent);
  if (kept === undefined) throw refusal("settings.no-revision", "/body/to", String(wish.to));
  const proposal = proposeBack(present, kept.text());
  return { proposal, consent: consentBack(present, proposal, status) };
}

/** A way back that differs in more than what may be tuned touches everything. */
function consentBack(present: Present, { changes, hash, after }: Proposal, { durable }: BoxStatus): Consent {
  const isTuning = hash !== null && after !== null && changes.length > 0 && propose(present, changes).hash === hash;
  return isTuning ? consentFor(present.edge, changes, durable) : consentForAll(present.edge, durable);
}

/** @throws PortcullisError, and records what was refused. */
export async function change(desk: Desk, first: Who, order: Order): Promise<Done> {
  try {
    const done = await carryOut(desk, first, order);
    if (done.kind === "refused") recordRefusal(desk, first, done.proposal.troubles[0]?.code ?? "config.schema", "");
    return done;
  } catch (error) {
    if (error instanceof PortcullisError) recordRefusal(desk, first, error.trouble.code, error.trouble.detail);
    throw error;
  }
}

function recordRefusal(desk: Desk, { name }: Who, code: ErrorCode, detail: string): void {
  desk.record(fact("settings.refused", name, { by: name, code, detail }));
}

async function carryOut(desk: Desk, first: Who, order: Order): Promise<Done> {
  if (!first.roles.some(mayTune)) throw refusal("command.not-allowed", "/", first.roles.join());
  const { wish, reason, revision } = order;
  const before = standingOf(desk);
  requirePresent(before, revision);
  const { consent } = judge(before, wish);
  const persons = await personsFor(desk, first, order, consent);
  // That the second PIN was given under duress was told when it was taken.
  if (first.duress) await tellDuress(desk, persons, reason);
  // The second PIN takes a while to check, in which things move on.
  const standing = standingOf(desk);
  requirePresent(standing, revision);
  const judged = judge(standing, wish);
  if (judged.consent.inMotion.length > 0)
    throw refusal("command.not-possible", judged.consent.inMotion.join(), "a barrier moves or is held closed");
  const { proposal } = judged;
  if (!proposal.ok || proposal.hash === null) return { kind: "refused", ...judged };
  const note: RevisionNote = {
    revision: proposal.revision,
    hash: proposal.hash,
    by: persons.map(({ name }) => name),
    at: new Date(desk.clock.now().wall).toISOString(),
    reason,
    changes: proposal.changes,
    backTo: "to" in wish ? wish.to : null,
  };
  const outcome = await offer(desk, standing.present.edge.id, proposal.text, note);
  const isOurs = outcome.ok && outcome.hash === proposal.hash;
  if (!isOurs) return { kind: "not-taken", outcome };
  const { edge } = standing.present;
  return { kind: "taken", note, afterRestart: proposal.after === null ? [] : heldBack(edge, proposal.after) };
}

/** Both must be so: what the box has in force, and what the person looked at. */
function requirePresent({ present, status, history }: Standing, revision: number): void {
  const { revision: stored } = present.loaded.site;
  if (revision !== stored) throw refusal("settings.stale", "/body/revision", presentText(history));
  if (stored !== status.revision) throw refusal("settings.busy", "/body/revision", `revision ${stored} is on its way`);
}

async function personsFor(
  desk: Desk,
  first: Who,
  { second, from }: Order,
  { needsTwo }: Consent,
): Promise<readonly Who[]> {
  if (second === undefined) {
    if (needsTwo.length === 0) return [first];
    throw refusal("command.needs-two-persons", "/second", needsTwo.map(reasonText).join("; "));
  }
  if (second.name === first.name) throw refusal("command.needs-two-persons", "/second/name", "the same person");
  const outcome = await desk.login(second.name, second.pin, from);
  if (!outcome.ok) throw refusal(outcome.code, "/second", "");
  if (!outcome.who.roles.some(mayAgreeToTune))
    throw refusal("command.not-allowed", "/second", outcome.who.roles.join());
  return [first, outcome.who];
}

/** Works normally and raises the silent hold-up: by an order that the controller finds no target for and that changes nothing. */
async function tellDuress(desk: Desk, persons: readonly Who[], reason: string): Promise<void> {
  const issuers = persons.map(({ name }) => name);
  const roles = [...new Set(persons.flatMap((person) => person.roles))];
  const act = { kind: "report", step: "settings" } as const;
  await answer(desk, { kind: "command", command: { id: randomUUID(), issuers, reason, roles, duress: true, act } });
}

function reasonText(reason: ConsentReason): string {
  switch (reason.why) {
    case "area-armed":
      return `area ${reason.area} is armed: disarm it first, or a second person agrees`;
    case "always-on":
      return `zone ${reason.zone} guards at any hour`;
    case "drives-barrier":
      return `barrier ${reason.barrier} works by this driver`;
    case "level-1":
      return "posture level 1";
    case "more-than-tuning":
      return "it differs in more than settings of zones and points";
  }
}
