// A dangerous or senseless site is made by hand from an example: it is refused with line, column, path, code, message and remedy.
import { describe, expect, it } from "vitest";
import { type Edit, example, spoil, troublesOf } from "./spoil.js";

export interface Row {
  readonly wrong: string;
  readonly base?: "office" | "school";
  readonly edits: readonly Edit[];
  readonly code: string;
  readonly path: string;
  readonly says: RegExp;
  readonly remedy?: RegExp;
}

/** The boxes of the port. */
export const checkpoint = "edges[0]";
export const warehouse = "edges[1]";

export function refuses(rows: readonly Row[]): void {
  describe("a dangerous or senseless site", () => {
    it.each(rows.map((row) => [row.wrong, row] as const))(
      "is refused with line, path and remedy: %s",
      (_wrong, { base, edits, code, path, says, remedy }) => {
        const { text, at } = spoil(example(base ?? "port"), ...edits);
        const troubles = troublesOf(text, "site.yaml");
        const trouble = troubles.find((each) => each.path === path);
        expect(trouble, troubles.map((each) => `${each.path}: ${each.message.en}`).join("\n")).toBeDefined();
        expect(trouble).toMatchObject({ code, place: `site.yaml:${trouble?.line}:${trouble?.column} ${path}` });
        expect(trouble?.message.en).toMatch(says);
        expect(trouble?.remedy.en).toMatch(remedy ?? /\w/);
        expect(trouble?.message.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(trouble?.remedy.zh).toMatch(/[\u4e00-\u9fff]/);
        if (at !== null) expect([trouble?.line, trouble?.column]).toEqual(at);
      },
    );
  });
}
