// Orders on their way to the controller, with a disk that is played by hand.
import { describe, expect, it } from "vitest";
import { obey } from "../../../edge/agent/obey.js";
import type { Act, Command, CommandResult } from "../../../edge/model/command.js";
import { manualClock } from "../../support/manual-clock.js";

const commandOf = (act: Act): Command => ({ id: "c1", issuers: ["tech"], reason: "test", onSite: true, act });
const end = { kind: "end-run", barrier: "boom" } as const;
const lockOut = { kind: "lock-out", barrier: "boom", note: "spring" } as const;
const run = { kind: "test-run", barrier: "boom", direction: "close", mode: "normal" } as const;

/** Gives the order; nothing is on the disk until `write` is called. */
function give(act: Act, isKept = true) {
  const clock = manualClock();
  const carriedOut: string[] = [];
  let write: () => void = () => undefined;
  const disk = new Promise<void>((resolve) => {
    write = resolve;
  });
  const runner = {
    command({ id, act: { kind } }: Command): CommandResult {
      carriedOut.push(kind);
      return { id, ok: true, code: "" };
    },
  };
  const answer = obey(commandOf(act), runner, {
    recorder: { append: () => disk },
    records: { written: () => disk, note: () => undefined },
    lockOuts: { kept: async () => isKept },
    machine: { clock },
  });
  return { clock, carriedOut, write: () => write(), answer };
}

describe("an order", () => {
  it.each([end, lockOut])("that stops a drive waits for no disk: $kind", (act) => {
    expect(give(act).carriedOut).toEqual([act.kind]);
  });

  it("that moves one is on the disk first", async () => {
    const { carriedOut, write, answer } = give(run);
    expect(carriedOut).toEqual([]);
    write();
    expect(await answer).toMatchObject({ ok: true });
    expect(carriedOut).toEqual(["test-run"]);
  });

  it("is not carried out any more when the disk kept it until nobody waited for its answer", async () => {
    const { clock, carriedOut, write, answer } = give(run);
    clock.advance(10_000);
    write();
    expect(await answer).toMatchObject({ ok: false, code: "command.expired" });
    expect(carriedOut).toEqual([]);
  });
});

it("a lock-out is answered when it is on the disk", async () => {
  const { write, answer } = give(lockOut);
  const first = await Promise.race([answer, Promise.resolve("not yet")]);
  expect(first).toBe("not yet");
  write();
  expect(await answer).toMatchObject({ ok: true });
});

it("a lock-out that no file keeps holds, and whoever gave it is told that a power cut would undo it", async () => {
  const { write, answer, carriedOut } = give(lockOut, false);
  write();
  expect(await answer).toMatchObject({ ok: false, code: "drive.lock-out-unkept" });
  expect(carriedOut).toEqual(["lock-out"]);
});
