// How far a replacement has come stands in the data folder: what is foreign there, what is set aside, what is not finished.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PortcullisError } from "../../edge/model/error.js";
import { endProgress, foreignIn, keepProgress, progressIn, requireWhole, setAside } from "../../scripts/replacing.js";
import { portcullis } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";

const progress = { site: "small", edge: "box", given: null };
const place = (folder: string, edge = "box") => {
  const own = ["--data", folder, "--site", "small", "--edge", edge, "--code", "AAAA", "--fingerprint", "ab".repeat(32)];
  return ["replace", ...own, "--hub", "http://127.0.0.1:1"];
};

describe("a folder in which a box is replaced", () => {
  it("holds nothing foreign but what is neither the machine's nor this command's", () => {
    const folder = testFolder();
    mkdirSync(join(folder, "lost+found"));
    mkdirSync(join(folder, "before-replacement-1"));
    keepProgress(folder, progress);
    expect(foreignIn(folder)).toEqual([]);
    writeFileSync(join(folder, "site.yaml"), "");
    expect(foreignIn(folder)).toEqual(["site.yaml"]);
  });

  it("keeps what lay there, each time in a folder of its own", () => {
    const folder = testFolder();
    for (const name of ["first", "second"]) {
      mkdirSync(join(folder, "journal"));
      writeFileSync(join(folder, "journal", name), name);
      setAside(folder);
      expect(foreignIn(folder)).toEqual([]);
    }
    expect(readdirSync(folder).sort()).toEqual(["before-replacement-1", "before-replacement-2"]);
    expect(readFileSync(join(folder, "before-replacement-2", "journal", "second"), "utf8")).toBe("second");
  });

  it("is closed to a box until the replacement is whole, and its progress is nobody else's to read", () => {
    const folder = testFolder();
    expect(progressIn(folder)).toBeNull();
    keepProgress(folder, progress);
    expect(statSync(join(folder, "replacement.json")).mode & 0o777).toBe(0o600);
    expect(progressIn(folder)).toEqual(progress);
    expect(() => requireWhole(folder)).toThrow(PortcullisError);
    endProgress(folder);
    requireWhole(folder);
    writeFileSync(join(folder, "replacement.json"), "torn{");
    expect(() => progressIn(folder)).toThrow(/replace\.damaged/);
  });
});

describe("portcullis replace", () => {
  it("changes nothing in a folder that is not empty, unless it may set aside what is there", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "site.yaml"), "mine");
    const refused = await portcullis(...place(folder));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("replace.folder-not-empty") });
    expect(refused.err).toContain("数据目录不为空");
    expect(readFileSync(join(folder, "site.yaml"), "utf8")).toBe("mine");
    const asked = await portcullis(...place(folder), "--set-aside");
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining("api.no-answer") });
    expect(readFileSync(join(folder, "before-replacement-1", "site.yaml"), "utf8")).toBe("mine");
    const other = await portcullis(...place(folder, "annex"));
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining("replace.unfinished") });
  }, 60_000);
});
