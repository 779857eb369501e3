// Changes of settings before they reach the box: what they do to file and proof, who must agree, and what is kept.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { editYaml } from "../../../config/edit.js";
import { storeNext } from "../../../edge/agent/stored-settings.js";
import {
  type ConsentReason,
  consentFor,
  consentForAll,
  type Standing,
} from "../../../edge/commissioning/settings/consent.js";
import {
  historyLimits,
  keepRevision,
  noteRevision,
  readHistory,
} from "../../../edge/commissioning/settings/history.js";
import { presentOf, propose, proposeBack } from "../../../edge/commissioning/settings/proposal.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { type RevisionNote, type SettingPlace, settingsFiles } from "../../../edge/model/revision.js";
import { testFolder } from "../../support/folder.js";

const text = readFileSync(join(import.meta.dirname, "../../../config/office.yaml"), "utf8");
const id = /edges:\s+- id: (\S+)/.exec(text)?.[1] ?? "";
const present = presentOf(text, id);
const { edge } = present;
const { revision } = present.loaded.site;

describe("a proposal", () => {
  it("is the file with the value changed and its revision raised by one, and every comment where it was", () => {
    const proposal = propose(present, [{ zone: "gatehouse-door", key: "filterMs", value: 200 }]);
    expect(proposal).toMatchObject({ ok: true, revision: revision + 1, troubles: [] });
    expect(proposal.changes).toEqual([{ zone: "gatehouse-door", key: "filterMs", value: 200, from: 400 }]);
    const comments = (of: string) => of.split("\n").filter((line) => line.includes("#"));
    expect(comments(proposal.text)).toEqual(comments(text));
    const other = proposal.text.split("\n").filter((line, index) => line !== text.split("\n")[index]);
    expect(other).toHaveLength(2);
  });

  it("shows the timing proof before and after for every step that the change touches", () => {
    const { proof } = propose(present, [{ zone: "beam-east", key: "filterMs", value: 140 }]);
    for (const { before, after } of proof) expect((after?.totalMs ?? 0) - (before?.totalMs ?? 0)).toBe(100);
    const slow = propose(present, [{ zone: "main-rush", key: "rushMs", value: 2000 }]);
    expect(slow.ok).toBe(true);
  });

  it("is refused with the sum, term by term, when a step would come too late", () => {
    const response = edge.responses.findIndex((each) => each.id === "gatehouse-intrusion");
    const zone = edge.zones.findIndex((each) => each.id === "gatehouse-door");
    const tight = editYaml(text, [
      { path: ["edges", 0, "responses", response, "steps", 0, "withinMs"], value: 500 },
      { path: ["edges", 0, "zones", zone, "filterMs"], value: 200 },
    ]);
    const changed = propose(presentOf(tight ?? "", id), [{ zone: "gatehouse-door", key: "filterMs", value: 400 }]);
    expect(changed).toMatchObject({ ok: false, hash: null, troubles: [{ code: "config.timing" }] });
    expect(changed.troubles[0]?.message.en).toMatch(/filter of gatehouse-door 400/);
    const late = changed.proof.find(({ after }) => after?.ok === false);
    expect(late?.before).toMatchObject({ ok: true });
    expect(late?.after?.terms.map(({ name }) => name.en)).toContain("filter of gatehouse-door");
  });

  it.each([
    ["what is not there", { zone: "gatehouse-door", key: "rushMs", value: 1 }, "settings.unknown"],
    ["what is not tuned on site", { zone: "gatehouse-door", key: "point", value: "panic" }, "settings.unknown"],
    ["a path into the middle of something", { zone: "gatehouse-door", key: "loop", value: 1 }, "settings.unknown"],
    ["a prototype's name", { zone: "gatehouse-door", key: "__proto__", value: 1 }, "settings.unknown"],
    [
      "another driver's point",
      { driver: "bollards", point: "panic", key: "activeLow", value: true },
      "settings.unknown",
    ],
    ["the present value", { zone: "gatehouse-door", key: "filterMs", value: 400 }, "api.invalid-body"],
    ["a value that must stay taken away", { zone: "gatehouse-door", key: "filterMs", value: null }, "api.invalid-body"],
  ])("refuses %s", (_what, change, code) => {
    expect(() => propose(present, [change])).toThrow(code);
  });

  it.each([
    ["a value of another type", { zone: "gatehouse-door", key: "filterMs", value: "long" }],
    ["a value beyond its range", { zone: "gatehouse-door", key: "filterMs", value: 5000 }],
    ["a word that is none", { zone: "beam-east", key: "normally", value: "ajar" }],
    ["a name with a line end", { zone: "gatehouse-door", key: "name.en", value: "a\nb" }],
  ])("finds by the schema %s", (_what, change) => {
    expect(propose(present, [change])).toMatchObject({ ok: false, troubles: [{ code: "config.schema" }] });
  });

  it("takes an earlier content back as a new revision", () => {
    const changed = propose(present, [{ zone: "beam-east", key: "normally", value: "closed" }]);
    const back = proposeBack(presentOf(changed.text, id), text);
    expect(back).toMatchObject({ ok: true, revision: revision + 2 });
    expect(back.changes).toEqual([{ zone: "beam-east", key: "normally", value: null, from: "closed" }]);
    expect(back.text.replace(`revision: ${revision + 2}`, `revision: ${revision}`)).toBe(text);
  });
});

const quiet: Standing = {
  ...initialDurable(edge),
  armed: Object.fromEntries(edge.areas.map((area) => [area.id, false])),
};
const why = (place: SettingPlace, standing: Standing) =>
  consentFor(edge, [place], standing).needsTwo.map((reason: ConsentReason) => reason.why);

describe("a change needs", () => {
  const filter = { zone: "gatehouse-door", key: "filterMs" };
  const rows: readonly [string, SettingPlace, Standing, readonly ConsentReason["why"][]][] = [
    ["one person in a disarmed area", filter, quiet, []],
    ["two in an armed area", filter, { ...quiet, armed: { ...quiet.armed, gatehouse: true } }, ["area-armed"]],
    ["one when another area is armed", filter, { ...quiet, armed: { ...quiet.armed, perimeter: true } }, []],
    [
      "two while the area's exit time runs",
      filter,
      {
        ...quiet,
        arming: { gatehouse: { until: { mono: 1, wall: 1, boot: "b", trust: "trusted" } as never, by: "li" } },
      },
      ["area-armed"],
    ],
    ["two for a panic button at any hour", { zone: "panic-button", key: "filterMs" }, quiet, ["always-on"]],
    ["one for a name, also of what is armed", { zone: "panic-button", key: "name.zh" }, initialDurable(edge), []],
    ["two in posture level 1", filter, { ...quiet, posture: { ...quiet.posture, level: "level-1" } }, ["level-1"]],
  ];
  it.each(rows)("%s", (_what, place, standing, reasons) => {
    expect(why(place, standing)).toEqual(reasons);
  });

  it("two where its driver serves a barrier or an always-on zone, because the driver is opened anew", () => {
    const reasons = why({ driver: "io", point: "panic", key: "activeLow" }, quiet);
    expect(reasons).toContain("drives-barrier");
    expect(reasons).toContain("always-on");
  });

  it("to wait while a barrier moves on that driver, or a lock-down holds it", () => {
    const place = { driver: "bollards", point: "b1-closed", key: "silentAfterMs" };
    const moving = { ...quiet, barriers: { ...quiet.barriers, "bollard-1": "closing" as const } };
    expect(consentFor(edge, [place], quiet).inMotion).toEqual([]);
    expect(consentFor(edge, [place], moving).inMotion).toEqual(["bollard-1"]);
    const [group] = edge.groups;
    const held = { ...quiet, lockDowns: { [group?.id ?? ""]: {} as never } };
    expect(consentFor(edge, [place], held).inMotion.length).toBeGreaterThan(0);
  });

  it("two for a way back that differs in more than tuning", () => {
    expect(consentForAll(edge, quiet).needsTwo.map((reason) => reason.why)).toContain("more-than-tuning");
  });
});

describe("the history", () => {
  const note = (of: number): RevisionNote => ({
    revision: of,
    hash: "h",
    by: ["li"],
    at: "2026-11-27T08:00:00Z",
    reason: "test",
    changes: [],
    backTo: null,
  });
  const site = (of: number) => `revision: ${of}\n`;

  it("keeps what another revision replaces, whole, and who made it", () => {
    const dir = testFolder();
    storeNext(dir, site(1));
    noteRevision(dir, site(2), note(2));
    storeNext(dir, site(2));
    const history = readHistory(dir, site(2));
    expect(history.map((each) => [each.revision, each.isPresent, each.note?.by ?? null])).toEqual([
      [2, true, ["li"]],
      [1, false, null],
    ]);
    expect(history[1]?.text()).toBe(site(1));
  });

  it("does not count a revision that never came into force, and forgets its note", () => {
    const dir = testFolder();
    storeNext(dir, site(1));
    noteRevision(dir, `${site(2)}# refused\n`, note(2));
    storeNext(dir, site(2));
    expect(readHistory(dir, site(2)).map((each) => each.note)).toEqual([null, null]);
    storeNext(dir, site(3));
    expect(readdirSync(join(dir, settingsFiles.history)).filter((name) => name.endsWith(".json"))).toEqual([]);
  });

  it("has a limit, and drops the oldest", () => {
    const dir = testFolder();
    for (let of = 1; of <= historyLimits.revisions + 3; of += 1) keepRevision(dir, site(of));
    const kept = readHistory(dir, site(99)).filter((each) => !each.isPresent);
    expect(kept).toHaveLength(historyLimits.revisions);
    expect(kept.at(-1)?.revision).toBe(4);
  });

  it("reads on past a note that is damaged", () => {
    const dir = testFolder();
    storeNext(dir, site(1));
    noteRevision(dir, site(1), note(1));
    const folder = join(dir, settingsFiles.history);
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "{half");
    expect(readHistory(dir, site(1))).toMatchObject([{ revision: 1, note: null }]);
  });

  it("that cannot be written leaves the old revision in force", () => {
    const dir = testFolder();
    storeNext(dir, site(1));
    writeFileSync(join(dir, settingsFiles.history), "in the way");
    expect(() => storeNext(dir, site(2))).toThrow();
    expect(readFileSync(join(dir, settingsFiles.stored), "utf8")).toBe(site(1));
    mkdirSync(join(dir, "other"));
    expect(existsSync(join(dir, `${settingsFiles.stored}.new`))).toBe(false);
  });
});
