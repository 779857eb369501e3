// Single values of a site file are changed on site, and every other byte stays: comments, order, layout.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Edit, editYaml } from "../../../config/edit.js";

const block = `# Head
zones:
  # The gate's door, wired in August.
  - id: door   # front
    filterMs: 400 # by EN 50131
    loop: { endOhms: 4700, tolerance: 0.2 } # measured
  - { id: beam, normally: open, filterMs: 40 }
revision: 3
`;

const rows: readonly [what: string, edits: readonly Edit[], from: string, to: string][] = [
  ["a number beside its comment", [{ path: ["zones", 0, "filterMs"], value: 200 }], "400 # by", "200 # by"],
  ["a value in braces", [{ path: ["zones", 0, "loop", "endOhms"], value: 2200 }], "endOhms: 4700", "endOhms: 2200"],
  ["a word", [{ path: ["zones", 1, "normally"], value: "closed" }], "normally: open", "normally: closed"],
  [
    "a new key in braces",
    [{ path: ["zones", 0, "loop", "alarmOhms"], value: 4700 }],
    "tolerance: 0.2 }",
    "tolerance: 0.2, alarmOhms: 4700 }",
  ],
  [
    "a new key on a line of its own",
    [{ path: ["zones", 0, "normally"], value: "closed" }],
    "by EN 50131\n",
    "by EN 50131\n    normally: closed\n",
  ],
  ["a key that goes, in braces", [{ path: ["zones", 1, "normally"], value: null }], "normally: open, ", ""],
  [
    "a key that goes, the last in braces",
    [{ path: ["zones", 1, "filterMs"], value: null }],
    "normally: open, filterMs: 40 }",
    "normally: open }",
  ],
  [
    "a key that goes with its line",
    [{ path: ["zones", 0, "filterMs"], value: null }],
    "    filterMs: 400 # by EN 50131\n",
    "",
  ],
  ["words that YAML reads otherwise", [{ path: ["zones", 1, "id"], value: "true" }], "id: beam", 'id: "true"'],
  ["words with signs", [{ path: ["zones", 1, "id"], value: "a, b: {c} # d" }], "id: beam", 'id: "a, b: {c} # d"'],
  ["Chinese words", [{ path: ["zones", 1, "id"], value: "东门 门磁" }], "id: beam", "id: 东门 门磁"],
];

describe("a changed value", () => {
  it.each(rows)("leaves every other byte as it was: %s", (_what, edits, from, to) => {
    expect(block).toContain(from);
    expect(editYaml(block, edits)).toBe(block.replace(from, () => to));
  });

  it("keeps the line ends of a file from another system", () => {
    const windows = block.replaceAll("\n", "\r\n");
    const edited = editYaml(windows, [{ path: ["zones", 0, "normally"], value: "closed" }]);
    expect(edited).toBe(windows.replace("50131\r\n", "50131\r\n    normally: closed\r\n"));
  });

  it("goes with several others", () => {
    const edited = editYaml(block, [
      { path: ["zones", 0, "filterMs"], value: 100 },
      { path: ["revision"], value: 4 },
    ]);
    expect(edited).toBe(block.replace("400 #", "100 #").replace("revision: 3", "revision: 4"));
  });

  it("changes no other place that the file ties to it by an anchor", () => {
    const tied = "a: &f 400\nb: *f\nc: &l { x: 1 }\nd: *l\n";
    expect(editYaml(tied, [{ path: ["a"], value: 100 }])).toBeNull();
    expect(editYaml(tied, [{ path: ["c", "x"], value: 2 }])).toBeNull();
    expect(editYaml(tied, [{ path: ["d", "x"], value: 2 }])).toBeNull();
    const freed = editYaml(tied, [{ path: ["b"], value: 100 }]);
    expect(parse(freed ?? "")).toMatchObject({ a: 400, b: 100 });
  });

  it.each(["office", "school", "port"])("is the only difference in the example %s", (name) => {
    const text = readFileSync(join(import.meta.dirname, "../../../config", `${name}.yaml`), "utf8");
    const edited = editYaml(text, [{ path: ["edges", 0, "zones", 0, "name", "en"], value: "Another name" }]) ?? "";
    const lines = text.split("\n");
    const other = edited.split("\n").filter((line, index) => line !== lines[index]);
    expect(other).toHaveLength(1);
    expect(other[0]).toContain("Another name");
  });
});
