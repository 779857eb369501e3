// Recording while somebody tests the fence: on a virtual clock, with a controller played by hand.
import { beforeEach, describe, expect, it } from "vitest";
import { createInquiry } from "../../../../edge/commissioning/inquiry.js";
import type { VibrationReply } from "../../../../edge/commissioning/questions/vibration.js";
import { type BlockBook, createBlockBook } from "../../../../edge/commissioning/vibration/block-book.js";
import { recorderLimits } from "../../../../edge/commissioning/vibration/job.js";
import { createRecorder, type RecordingDesk } from "../../../../edge/commissioning/vibration/recorder.js";
import type { RecordingHead } from "../../../../edge/commissioning/vibration/recording.js";
import { openStore, type Store } from "../../../../edge/commissioning/vibration/store.js";
import { type FibreState, initialFibre, observeFibre } from "../../../../edge/detection/vibration-fibre.js";
import { quietFor } from "../../../../scripts/recordings/signals.js";
import { blocksOf, plainSettings } from "../../../support/fibre-recordings.js";
import { testFolder } from "../../../support/folder.js";
import { manualMachine } from "../../../support/journal.js";
import { until } from "../../../support/until.js";

const wanted = { label: "tap", seconds: 10, note: "north corner", blows: 3, person: "li" } as const;
const heard = blocksOf(quietFor(60));

let book: BlockBook;
let state: FibreState;
let next: number;
let machine: ReturnType<typeof manualMachine>;
let store: Store;
let recorder: RecordingDesk;
let made: RecordingHead[];
let isDead: boolean;

/** The detector takes so many blocks. */
function hear(count: number): void {
  for (const { at, block } of heard.slice(next, next + count)) {
    const before = state;
    state = observeFibre(before, plainSettings, block, at).state;
    book.note({ id: "fence", settings: plainSettings }, block, { before, after: state });
  }
  next += count;
}

/** Time passes, and what was asked is answered. */
async function pass(ms: number): Promise<void> {
  machine.advance(ms);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The disk has it. */
const over = () => until("it is written", async () => recorder.running("fence") === null);

beforeEach(() => {
  book = createBlockBook();
  state = initialFibre();
  next = 0;
  machine = manualMachine();
  // No block is from the future.
  machine.advance(120_000);
  store = openStore(testFolder());
  made = [];
  isDead = false;
  const inquiry = createInquiry(machine, (id, question) => {
    if (isDead || question.kind !== "vibration") return;
    const { zone, since } = question;
    const name = { zh: "围栏", en: "Fence" };
    const body: VibrationReply = {
      zone,
      name,
      now: 0,
      revision: 7,
      settings: plainSettings,
      run: book.since(zone, since),
    };
    inquiry.replied(id, { ok: true, body });
  });
  recorder = createRecorder({ ...machine, inquiry, store, made: (head) => made.push(head) });
});

describe("a recording", () => {
  it("holds the blocks from its start to its length, with who, when, and the settings", async () => {
    hear(20);
    await recorder.start("fence", wanted);
    for (let second = 0; second < 12; second += 1) {
      hear(4);
      await pass(1_000);
    }
    await over();
    expect(made).toMatchObject([
      { zone: "fence", label: "tap", person: "li", note: "north corner", blows: 3, ended: "complete", revision: 7 },
    ]);
    const read = await store.read("fence", made[0]?.id ?? "");
    expect(read.blocks).toEqual(heard.slice(20, 20 + read.blocks.length));
    expect(read.head.seconds).toBeGreaterThanOrEqual(10);
    expect(read.head.seconds).toBeLessThan(10.5);
    expect(read.head.settings).toEqual(plainSettings);
  });

  it("that is stopped holds what came up to then", async () => {
    hear(5);
    await recorder.start("fence", wanted);
    hear(9);
    const head = await recorder.stop("fence");
    expect(head).toMatchObject({ ended: "stopped", blocks: 9 });
    expect((await store.read("fence", head.id)).blocks).toEqual(heard.slice(5, 14));
    await expect(recorder.stop("fence")).rejects.toMatchObject({ trouble: { code: "recording.none" } });
  });

  it("that two stop is written once", async () => {
    hear(5);
    await recorder.start("fence", wanted);
    hear(9);
    const [one, other] = await Promise.all([recorder.stop("fence"), recorder.stop("fence")]);
    expect(other.id).toBe(one.id);
    expect(await store.list("fence")).toHaveLength(1);
  });

  it("ends where the detector starts anew, and keeps what was heard before", async () => {
    hear(5);
    await recorder.start("fence", wanted);
    hear(8);
    await pass(500);
    state = initialFibre();
    hear(8);
    await pass(500);
    await over();
    expect(made).toMatchObject([{ ended: "interrupted", blocks: 8 }]);
  });

  it("bears a controller that does not answer for a while", async () => {
    hear(5);
    await recorder.start("fence", wanted);
    hear(4);
    isDead = true;
    await pass(500);
    await pass(2_100);
    isDead = false;
    hear(4);
    await pass(500);
    await recorder.stop("fence");
    expect(made).toMatchObject([{ blocks: 8 }]);
  });
});

describe("no recording is made", () => {
  it("of a zone that is not heard", async () => {
    await expect(recorder.start("fence", wanted)).rejects.toMatchObject({ trouble: { code: "recording.silent" } });
  });

  it("of a zone that falls silent at once, and the person is told", async () => {
    hear(5);
    await recorder.start("fence", wanted);
    await pass(500);
    for (let waited = 0; waited <= recorderLimits.silentMs; waited += 500) await pass(500);
    expect(recorder.running("fence")).toBeNull();
    expect(recorder.lost("fence")).toMatchObject({ code: "recording.silent" });
    expect(await store.list("fence")).toEqual([]);
  });

  it("beside another of the same zone", async () => {
    hear(5);
    const starts = await Promise.allSettled([recorder.start("fence", wanted), recorder.start("fence", wanted)]);
    expect(starts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(recorder.start("fence", wanted)).rejects.toMatchObject({ trouble: { code: "recording.running" } });
    expect(recorder.running("fence")).toMatchObject({ label: "tap", person: "li", recordedSeconds: 0 });
  });

  it("where the disk takes nothing, and the person is told", async () => {
    const refusing: Store = { ...store, write: () => Promise.reject(new Error("EIO")) };
    const inquiry = createInquiry(machine, (id, question) => {
      if (question.kind !== "vibration") return;
      const name = { zh: "围栏", en: "Fence" };
      const run = book.since("fence", question.since);
      inquiry.replied(id, {
        ok: true,
        body: { zone: "fence", name, now: 0, revision: 1, settings: plainSettings, run },
      });
    });
    const other = createRecorder({ ...machine, inquiry, store: refusing, made: (head) => made.push(head) });
    hear(5);
    await other.start("fence", wanted);
    hear(5);
    await expect(other.stop("fence")).rejects.toMatchObject({ trouble: { code: "recording.unwritable" } });
    expect(other.lost("fence")).toMatchObject({ code: "recording.unwritable" });
    expect(made).toEqual([]);
  });
});
