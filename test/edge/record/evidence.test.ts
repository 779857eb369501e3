// Evidence of an incident: whole where it concerns it, headers between, and nothing in it can be changed unseen.
import { describe, expect, test } from "vitest";
import type { JournalDraft } from "../../../edge/journal/journal.js";
import { openLog } from "../../../edge/journal/log.js";
import { createMemoryDisk } from "../../../edge/machine/memory-disk.js";
import { isWhole, type JournalRecord, type KeptRecord } from "../../../edge/model/record.js";
import { later } from "../../../edge/model/time.js";
import {
  type Evidence,
  gatherEvidence,
  shownRecords,
  signEvidence,
  verifyEvidence,
} from "../../../edge/record/evidence.js";
import { keyRingOf, makeSigningKey, signerOf } from "../../../edge/record/sign.js";
import { timelineOf } from "../../../edge/record/timeline.js";
import { journalOptions, manualMachine, noMemory, seededRandom, startStamp } from "../../support/journal.js";

const signer = signerOf(makeSigningKey(seededRandom(5)));
const keys = keyRingOf(signer.publicKey);
const about = { madeAt: "2026-11-22T01:00:00.000Z", version: "1.0.0" };

function fact(type: string, data: Record<string, unknown>, lane: JournalDraft["lane"] = "alarm"): JournalDraft {
  return { type, lane, subject: "x", data, now: startStamp, exercise: false };
}

const step = { id: "box-1/r/siren", incident: "box-1", deadlineAt: later(startStamp, 5000), commandedAt: null };

/** A journal in which incident box-1 is told of between others. */
async function journal(isSealed: boolean, isLong = false): Promise<readonly JournalRecord[]> {
  const machine = manualMachine();
  const disk = createMemoryDisk(1e7);
  const setup = { disk, machine, memory: noMemory, durable: true, signer, onTrouble: () => undefined };
  const log = await openLog({ ...setup, options: journalOptions });
  const config = (revision: number) => fact("config.applied", { revision, hash: "h", inventory: {} }, "state");
  await log.append([config(1), config(2), fact("zone.breached", { zone: "a", incident: "box-0" })], true);
  await log.append(
    [fact("incident.opened", { incident: { id: "box-1", zones: ["b"] } }), fact("step.decided", { step })],
    true,
  );
  await log.append([
    fact("zone.breached", { zone: "c", incident: "box-2" }),
    fact("operator.commanded", { act: {} }, "state"),
  ]);
  if (isLong) {
    const sampled = fact("health.sampled", { stepMsMax: 1 }, "telemetry");
    for (let minute = 0; minute <= 21; minute += 1) {
      await log.append([sampled], true);
      machine.advance(60_000);
    }
  }
  await log.append([fact("step.met", { step: step.id, incident: "box-1", confirmedAt: later(startStamp, 900) })], true);
  await log.append([fact("incident.closed", { incident: "box-1", by: "chief" }), config(3)], true);
  if (isSealed) machine.advance(600_001);
  await log.append([fact("zone.breached", { zone: "d", incident: "box-3" })], true);
  const records: JournalRecord[] = [];
  for await (const record of log.replay()) records.push(record);
  return records;
}

async function evidenceOf(records: readonly KeptRecord[], incident = "box-1"): Promise<Evidence | null> {
  const content = await gatherEvidence(
    () =>
      (async function* () {
        yield* records;
      })(),
    incident,
    about,
  );
  return content === null ? null : signEvidence(content, signer);
}

async function made(isSealed = true, isLong = false): Promise<Evidence> {
  const evidence = await evidenceOf(await journal(isSealed, isLong));
  if (evidence === null) throw new Error("the journal tells of the incident");
  return evidence;
}

describe("evidence", () => {
  test("A-53: shows what concerns the incident, and of the rest the headers up to a signed checkpoint", async () => {
    const evidence = await made();
    expect(shownRecords(evidence).map(({ type }) => type)).toEqual([
      "incident.opened",
      "step.decided",
      "operator.commanded",
      "step.met",
      "incident.closed",
      "journal.checkpointed",
    ]);
    expect(JSON.stringify(evidence)).not.toContain("box-2");
    expect(evidence.config?.data["revision"]).toBe(2);
    expect(verifyEvidence(evidence, keys)).toMatchObject({ ok: true, checkpoints: 1, unsigned: 0 });
  });

  test("stands under its own signature where no checkpoint follows yet", async () => {
    expect(verifyEvidence(await made(false), keys)).toMatchObject({ ok: true, checkpoints: 0 });
  });

  test("stands over many checkpoints, each of which names also the telemetry between", async () => {
    const evidence = await made(true, true);
    expect(verifyEvidence(evidence, keys)).toMatchObject({ faults: [], checkpoints: 3, unsigned: 0 });
    expect(shownRecords(evidence).filter(({ lane }) => lane === "telemetry")).toEqual([]);
  });

  test("is not made of an incident that no record names", async () => {
    expect(await evidenceOf(await journal(true), "box-9")).toBeNull();
  });

  test("tells when each step was confirmed, and who reset", async () => {
    const evidence = await made();
    const { incident, steps, closedBy } = timelineOf(shownRecords(evidence), "box-1");
    expect(incident?.id).toBe("box-1");
    expect(steps).toEqual([{ ...step, confirmedAt: later(startStamp, 900), outcome: "met", reason: null }]);
    expect(closedBy).toBe("chief");
  });

  test("is not believed under another key", async () => {
    const other = keyRingOf(signerOf(makeSigningKey(seededRandom(6))).publicKey);
    expect(verifyEvidence(await made(), other).ok).toBe(false);
  });

  test("is judged also where it holds what is no record", async () => {
    const { key: _k, signature: _s, ...content } = await made();
    const [record, ...others] = content.records;
    const nonsense = [null, 1, { ...record, data: null }] as unknown as readonly KeptRecord[];
    for (const each of nonsense) {
      const { faults } = verifyEvidence(signEvidence({ ...content, records: [each, ...others] }, signer), keys);
      expect(faults[0]).toMatchObject({ code: "journal.misshapen", place: "record 1" });
    }
    let deep: unknown = {};
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    const hostile = {
      ...content,
      records: [{ ...record, data: { deep } } as unknown as KeptRecord],
      key: "",
      signature: "",
    };
    expect(verifyEvidence(hostile, keys)).toMatchObject({ ok: false, faults: [{ code: "journal.oversize" }] });
    const config = { type: "config.applied" } as JournalRecord;
    const { faults } = verifyEvidence(signEvidence({ ...content, config }, signer), keys);
    expect(faults).toMatchObject([{ code: "journal.misshapen", place: "evidence of box-1, configuration" }]);
  });

  test("shows every change, also to whoever could sign the bundle anew with another key", async () => {
    const evidence = await made();
    const forger = signerOf(makeSigningKey(seededRandom(6)));
    const both = keyRingOf(signer.publicKey + forger.publicKey);
    const changed = (change: (records: KeptRecord[]) => KeptRecord[]): Evidence => {
      const { key: _k, signature: _s, ...content } = evidence;
      return signEvidence({ ...content, records: change([...content.records]) }, forger);
    };
    for (const at of evidence.records.keys()) {
      const removed = changed((records) => records.filter((_, index) => index !== at));
      // Of a lane's first and last the checkpoint, or the lane's next record, tells.
      const isFirst = evidence.records.findIndex(({ lane }) => lane === evidence.records[at]?.lane) === at;
      if (!isFirst && at < evidence.records.length - 1)
        expect(verifyEvidence(removed, both).ok, `removed ${at}`).toBe(false);
      const moved = changed((records) =>
        records.map((record, index) =>
          index === at && isWhole(record) ? { ...record, data: { text: "forged" } } : record,
        ),
      );
      if (isWhole(evidence.records[at] as KeptRecord))
        expect(verifyEvidence(moved, both).ok, `changed ${at}`).toBe(false);
    }
  });
});
