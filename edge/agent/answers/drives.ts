// Barriers' drives for the technician who stands before them: how each is, what may be tried, what was measured.
import { type DriveBook, emptyDrive, summariesOf } from "../../commissioning/drives.js";
import type { DriveRunOffer, DriveView, HoldReply } from "../../commissioning/questions/drives.js";
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { wardOfState } from "../../controller.js";
import { fact } from "../../model/fact.js";
import type { BarrierConfig } from "../../model/site.js";
import type { Ward } from "../../model/state.js";
import { ordersOf } from "../../model/work-order.js";
import { driveRunNow } from "../../response/drive-run.js";
import { obstaclesTo } from "../../response/orders/drives.js";
import { type AnswerParts, notFound } from "./parts.js";

const offers = [
  { kind: "run", direction: "close", mode: "normal" },
  { kind: "run", direction: "close", mode: "emergency" },
  { kind: "run", direction: "open", mode: "normal" },
  { kind: "hold", direction: "close", mode: "normal" },
  { kind: "hold", direction: "open", mode: "normal" },
] as const satisfies readonly Omit<DriveRunOffer, "against">[];

export function drives({ barrier: asked }: QuestionOf<"drives">, parts: AnswerParts): Reply<"drives"> {
  const { config } = parts.state;
  const barriers = config.barriers.filter(({ id }) => asked === null || id === asked);
  if (asked !== null && barriers.length === 0) return notFound("barrier", asked);
  const ward = wardOfState(parts.state, parts.now);
  return { ok: true, body: { drives: barriers.map((barrier) => driveView(barrier, ward, parts)) } };
}

function driveView(barrier: BarrierConfig, ward: Ward, parts: AnswerParts): DriveView {
  const { durable } = ward;
  const book: DriveBook = parts.book.read().drives?.[barrier.id] ?? emptyDrive;
  const checking = parts.checks.look(barrier, { ...parts, now: parts.now.mono });
  const lock = durable.lockOuts[barrier.id];
  return {
    barrier: barrier.id,
    name: barrier.name,
    kind: barrier.kind,
    state: durable.barriers[barrier.id] ?? "unknown",
    lockOut: lock === undefined ? null : { ...lock, since: new Date(lock.since.wall).toISOString() },
    isDualOpen: barrier.dualOpen === true || durable.posture.level === "level-1",
    underWay: ward.driveRuns.find((driveRun) => driveRun.barrier === barrier.id) ?? null,
    offers: offers.map((offer) => ({ ...offer, against: obstaclesTo(barrier, offer, ward) })),
    cycles: durable.cycles[barrier.id] ?? 0,
    serviceCycles: barrier.serviceCycles ?? null,
    isServiceDue: ordersOf(durable, `barrier:${barrier.id}`).some(({ cause }) => cause === "maintenance-due"),
    runs: book.runs,
    summaries: summariesOf(book),
    checks: book.checks,
    checking: checking === null ? null : { by: checking.by, rows: checking.rows },
  };
}

/** A key that does not fit is told by an unchanged end; a hold that is over by how it ended. */
export function holdOn({ run, key }: QuestionOf<"hold-on">, parts: AnswerParts): Reply<"hold-on"> {
  parts.feed({ kind: "sign", run, key });
  return { ok: true, body: holdReply(run, parts) };
}

export function letGo({ run, end }: QuestionOf<"let-go">, parts: AnswerParts): Reply<"let-go"> {
  parts.feed({ kind: "let-go", run, end });
  return { ok: true, body: holdReply(run, parts) };
}

function holdReply(id: string, { present, book }: AnswerParts): HoldReply {
  const { transient } = present();
  for (const [barrier, { driveRun }] of Object.entries(transient.barriers))
    if (driveRun?.id === id) return { underWay: driveRunNow(barrier, driveRun), run: null };
  const runs = Object.values(book.read().drives ?? {}).flatMap((drive) => drive.runs);
  return { underWay: null, run: runs.find((run) => run.id === id) ?? null };
}

/** What is passed or failed at the end is recorded and kept; what was not done leaves the last word as it was. */
export async function check(
  { barrier: id, move, by }: QuestionOf<"check">,
  parts: AnswerParts,
): Promise<Reply<"check">> {
  const barrier = parts.state.config.barriers.find((known) => known.id === id);
  if (barrier === undefined) return notFound("barrier", id);
  const seen = { ...parts, now: parts.now.mono };
  if (move === "begin") parts.checks.begin(barrier, by, seen);
  else await endCheck(barrier, by, parts);
  return drives({ kind: "drives", barrier: id }, parts);
}

async function endCheck(barrier: BarrierConfig, by: string, parts: AnswerParts): Promise<void> {
  const last = parts.checks.look(barrier, { ...parts, now: parts.now.mono });
  parts.checks.end(barrier.id);
  const checks = (last?.rows ?? []).filter(({ state }) => state === "passed" || state === "failed");
  if (checks.length === 0) return;
  const at = new Date(parts.now.wall).toISOString();
  parts.book.noteChecks(
    barrier.id,
    checks.map((row) => ({ ...row, by, at })),
  );
  await parts.book.kept();
  await parts.record([fact("barrier.checked", barrier.id, { barrier: barrier.id, by, checks, at: parts.now })]);
}
