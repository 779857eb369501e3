// What becomes of an operator's order: the shape that every act's function gives back to order.ts.
import type { Act, ActKind, Command, Obstacle, Role } from "../../model/command.js";
import type { ErrorCode } from "../../model/error.js";
import type { Fact } from "../../model/fact.js";
import type { IncidentKind } from "../../model/incident.js";
import type { ResponseConfig } from "../../model/plan.js";
import type { Ward } from "../../model/state.js";
import type { DriveRunAsk } from "../drive-run.js";

/** An incident of this kind and place is opened or joined, and these responses are planned for it. */
export interface Call {
  readonly kind: IncidentKind;
  readonly place: string;
  readonly responses: readonly ResponseConfig[];
}

/** `openWishes`: barriers that a person wants open. `driveRuns`, `driveRunEnds`: drives to be tried, and no longer. `obstacles`: what stands against it, where a list helps. */
export type Verdict =
  | {
      readonly ok: true;
      readonly facts: readonly Fact[];
      readonly openWishes: readonly string[];
      readonly calls: readonly Call[];
      readonly driveRuns: readonly { readonly barrier: string; readonly ask: DriveRunAsk }[];
      readonly driveRunEnds: readonly string[];
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly obstacles: readonly Obstacle[] };

/** Carries out one kind of act. Pure: it says what follows, the controller does it. */
export type Carry<K extends ActKind> = (act: Extract<Act, { kind: K }>, command: Command, desk: Ward) => Verdict;

export const done = (
  facts: readonly Fact[],
  more: Partial<Omit<Extract<Verdict, { ok: true }>, "ok" | "facts">> = {},
): Verdict => ({ ok: true, facts, openWishes: [], calls: [], driveRuns: [], driveRunEnds: [], ...more });

export const refused = (code: ErrorCode, obstacles: readonly Obstacle[] = []): Verdict => ({
  ok: false,
  code,
  obstacles,
});

/** The different persons who stand for a command. */
export function personsOf({ issuers }: Command): readonly string[] {
  return [...new Set(issuers.map((issuer) => issuer.trim()).filter((issuer) => issuer !== ""))];
}

/** The first of them, who is named where one name is asked for. */
export function issuerOf(command: Command): string {
  return personsOf(command)[0] ?? "";
}

/** What they are; of whom it is not said, operators. */
export function rolesOf({ roles = ["operator"] }: Command): readonly Role[] {
  return roles;
}
