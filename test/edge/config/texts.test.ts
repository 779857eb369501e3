// What people read stands in one catalogue in both languages: error codes with their remedies, and every word of the domain.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as kinds from "../../../config/kinds.js";
import { recordTexts } from "../../../config/record-words.js";
import { errorTexts } from "../../../config/texts.js";
import * as words from "../../../config/words.js";
import { errorCodes } from "../../../edge/model/error.js";
import type { Text } from "../../../edge/model/text.js";

const isChinese = (text: string) => /[\u4e00-\u9fff]/.test(text);
const isEnglish = (text: string) => /[A-Za-z]{2}/.test(text) && !isChinese(text);
const wrong = (texts: Readonly<Record<string, Text>>) =>
  Object.entries(texts).flatMap(([word, { zh, en }]) => (isChinese(zh) && isEnglish(en) ? [] : [word]));

describe("an error code", () => {
  it.each(errorCodes)("%s says in Chinese and in English what is wrong and what to do", (code) => {
    const { message, remedy } = errorTexts[code];
    expect(wrong({ message, remedy })).toEqual([]);
  });

  it("stands in the catalogue once", () => {
    expect(Object.keys(errorTexts).toSorted()).toEqual([...errorCodes].toSorted());
    expect(new Set(errorCodes).size).toBe(errorCodes.length);
  });

  it("is used somewhere: the catalogue holds no dead ones", () => {
    const root = fileURLToPath(new URL("../../../", import.meta.url));
    const sources = ["edge", "hub", "config", "scripts"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !/model\/error\.ts$|texts\.ts$/.test(file))
        .map((file) => readFileSync(join(root, folder, file), "utf8")),
    );
    const all = sources.join("\n");
    expect(errorCodes.filter((code) => !all.includes(`"${code}"`))).toEqual([]);
  });
});

describe("a word of the domain", () => {
  const lists = Object.entries({ ...kinds, ...words, recordTexts });
  it.each(lists)("is written in both languages: %s", (_name, texts) => {
    expect(wrong(texts as Readonly<Record<string, Text>>)).toEqual([]);
  });
});
