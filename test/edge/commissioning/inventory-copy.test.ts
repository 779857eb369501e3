// The inventory goes up for a spare box: after the start, after a change, whole, and not with every key stroke.
import { describe, expect, it } from "vitest";
import type { Inquiry } from "../../../edge/commissioning/inquiry.js";
import { copyInventory, inventoryEveryMs, inventoryRetryMs } from "../../../edge/commissioning/inventory/copy.js";
import { noDetails } from "../../../edge/commissioning/inventory/details.js";
import { detailsIn, writeDetails } from "../../../edge/commissioning/inventory/details-file.js";
import type { Question } from "../../../edge/commissioning/questions.js";
import type { BoxStatus } from "../../../edge/commissioning/status.js";
import type { KeptText } from "../../../edge/model/replacement.js";
import { testFolder } from "../../support/folder.js";
import { manualClock } from "../../support/manual-clock.js";

function desk() {
  const dataDir = testFolder();
  const clock = manualClock();
  const told: KeptText[] = [];
  const subjects: string[] = [];
  const troubles: string[] = [];
  const box = { status: { edge: "gatehouse" } as BoxStatus | null, answers: true };
  const ask = async (question: Question) => {
    if (!box.answers) return { ok: false, code: "api.no-answer", place: "", detail: "" };
    for (const known of question.kind === "record" ? question.facts : []) {
      if (known.type !== "inventory.kept") throw new Error(known.type);
      told.push(known.data);
      subjects.push(known.subject);
    }
    return { ok: true, body: { recorded: 1 } };
  };
  const inquiry = { ask } as unknown as Inquiry;
  const tell = copyInventory({ dataDir, clock, inquiry, status: () => box.status }, (detail) => troubles.push(detail));
  const write = (...places: readonly string[]) =>
    writeDetails(dataDir, new Map(places.map((place, at) => [`zone:z${at}`, { ...noDetails, place }])));
  return { box, clock, told, subjects, troubles, tell, write };
}

describe("the inventory of a box", () => {
  it("A-12: goes up after the start with places and intervals, and not again while nothing changes", async () => {
    const { clock, told, subjects, tell, write } = desk();
    await tell();
    expect(told).toEqual([]);
    write("东墙 3 号杆 pole 3");
    await tell();
    clock.advance(2 * inventoryEveryMs);
    await tell();
    expect(subjects).toEqual(["gatehouse/0"]);
    expect(detailsIn(told[0]?.text ?? "").get("zone:z0")?.place).toBe("东墙 3 号杆 pole 3");
  });

  it("goes up after a change at the most every ten minutes, as it is then", async () => {
    const { clock, told, tell, write } = desk();
    write("a");
    await tell();
    write("b");
    await tell();
    write("c");
    await tell();
    expect(told).toHaveLength(1);
    clock.advance(inventoryEveryMs);
    await tell();
    expect(told).toHaveLength(2);
    expect(told[1]?.text).toContain('"c"');
  });

  it("goes up in parts where it is large", async () => {
    const { told, subjects, tell, write } = desk();
    write(...Array.from({ length: 400 }, (_, at) => `杆 ${at}`));
    await tell();
    expect(told.length).toBeGreaterThan(1);
    expect(subjects.at(-1)).toBe(`gatehouse/${told.length - 1}`);
    expect(detailsIn(told.map(({ text }) => text).join("")).size).toBe(400);
  });

  it("waits for the controller, and is told again when it was not recorded", async () => {
    const { box, clock, told, troubles, tell, write } = desk();
    const { status } = box;
    write("a");
    box.status = null;
    await tell();
    box.status = status;
    box.answers = false;
    await tell();
    expect([told.length, troubles.length]).toEqual([0, 1]);
    box.answers = true;
    await tell();
    expect(told).toEqual([]);
    clock.advance(inventoryRetryMs);
    await tell();
    expect(told).toHaveLength(1);
  });
});
