// What a box knows of lock-outs after a start, whatever has become of its journal.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLockOuts, forgottenLockOuts, keepLockOuts } from "../../../edge/agent/lock-outs.js";
import { boxIssuer } from "../../../edge/model/drive-run.js";
import { testFolder } from "../../support/folder.js";
import { manualMachine, startStamp } from "../../support/journal.js";

const tech = { by: "tech", note: "new seal", since: startStamp };
const config = {
  barriers: [
    { id: "boom", drive: { kind: "relays" } },
    { id: "bollard", drive: { kind: "relays" } },
    { id: "wing", drive: { kind: "lock" } },
  ],
} as unknown as Parameters<typeof forgottenLockOuts>[1]["config"];

type LockOuts = Readonly<Record<string, typeof tech>>;

/** Barriers that are locked out anew when a box starts in this folder, with who has done it. */
function found(dataDir: string, isWhole: boolean, lockOuts: LockOuts = {}) {
  const facts = forgottenLockOuts(findLockOuts(dataDir), { config, lockOuts, isWhole }, startStamp);
  return Object.fromEntries(facts.map(({ subject, data }) => [subject, (data as { by: string }).by]));
}

async function keep(lockOuts: LockOuts, dataDir = testFolder()) {
  const troubles: string[] = [];
  const keeper = keepLockOuts(dataDir, manualMachine(), (detail) => troubles.push(detail));
  keeper.note(lockOuts);
  return { dataDir, troubles, kept: await keeper.kept() };
}

const everyDrive = { boom: boxIssuer, bollard: boxIssuer };

describe("a lock-out", () => {
  it("that the journal has forgotten stands as the file says, journal whole or not", async () => {
    const { dataDir, kept } = await keep({ boom: tech });
    expect(kept).toBe(true);
    expect(statSync(join(dataDir, "lock-outs.json")).mode & 0o777).toBe(0o600);
    for (const isWhole of [true, false]) {
      expect(found(dataDir, isWhole)).toEqual({ boom: "tech" });
      expect(found(dataDir, isWhole, { boom: tech, bollard: tech })).toEqual({});
    }
  });

  it("is in the file before the one who set it is answered, and out of it when it is cleared", async () => {
    const { dataDir } = await keep({ boom: tech });
    await keep({}, dataDir);
    expect(found(dataDir, false)).toEqual({});
  });

  it("that the disk does not take is told", async () => {
    const { kept, troubles } = await keep({ boom: tech }, join(testFolder(), "gone"));
    expect(kept).toBe(false);
    expect(troubles[0]).toMatch(/ENOENT/);
  });
});

describe("a box that cannot know whether somebody stands in a drive", () => {
  const ruined = [
    ["the file is gone", (file: string) => rmSync(file)],
    ["the file is torn", (file: string) => writeFileSync(file, '{"format":1,"lockO')],
    ["the file is of something else", (file: string) => writeFileSync(file, '{"format":1,"lockOuts":{"boom":3}}')],
    ["the file is empty", (file: string) => writeFileSync(file, "")],
  ] as const;

  it.each(ruined)("keeps every drive still when the journal has a gap and %s", async (_, ruin) => {
    const { dataDir } = await keep({ boom: tech });
    mkdirSync(join(dataDir, "journal"));
    writeFileSync(join(dataDir, "journal", "00000001-ab.seg"), "");
    ruin(join(dataDir, "lock-outs.json"));
    expect(found(dataDir, false)).toEqual(everyDrive);
    expect(found(dataDir, true)).toEqual({});
  });

  it("keeps them still too when its folder cannot be read", async () => {
    const { dataDir } = await keep({ boom: tech });
    rmSync(join(dataDir, "lock-outs.json"));
    writeFileSync(join(dataDir, "journal"), "no folder");
    expect(found(dataDir, false)).toEqual(everyDrive);
  });

  it("is none that has never run: nobody can have set one there, and it guards also on a disk that takes nothing", () => {
    expect(found(testFolder(), false)).toEqual({});
  });

  it("says what is to be done in both languages", async () => {
    const { dataDir } = await keep({});
    writeFileSync(join(dataDir, "lock-outs.json"), "");
    const facts = forgottenLockOuts(findLockOuts(dataDir), { config, lockOuts: {}, isWhole: false }, startStamp);
    expect(facts.map(({ data }) => (data as { note: string }).note)[0]).toMatch(/请到现场.+look whether/);
    expect(readFileSync(join(dataDir, "lock-outs.json"), "utf8")).toBe("");
  });
});
