// The page as the rules of others judge it: axe-core, run in the reader's own Chromium.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 up to AA and axe's own good practice; all but the rules that are still being tried. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** One line for each element that breaks a rule, with the rule and what would mend it. */
export async function breachesOn(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(source);
  const run = `axe.run(document, { runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations"] })`;
  const { violations } = await page.evaluate<Found>(run);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = "" }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary}`),
  );
}

/** Every width and colour scheme with every language, each pair once. */
const looks = [
  { language: "en-GB", width: 360, colorScheme: "light" },
  { language: "en-GB", width: 1280, colorScheme: "dark" },
  { language: "zh-CN", width: 360, colorScheme: "dark" },
  { language: "zh-CN", width: 1280, colorScheme: "light" },
] as const;
const languageButton = "button.language";

/** The page as it stands, in all looks; in the first again afterwards. */
export async function breachesInLooks(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const look of looks) {
    await wear(page, look);
    const { language, width, colorScheme } = look;
    found.push(...(await breachesOn(page)).map((breach) => `${language} ${width} ${colorScheme}: ${breach}`));
  }
  await wear(page, looks[0]);
  return found;
}

async function wear(page: Page, { language, width, colorScheme }: (typeof looks)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  if ((await page.locator("html").getAttribute("lang")) === language) return;
  // A question that is open lies over the button.
  await page.locator(languageButton).first().dispatchEvent("click");
  await page.locator(`html[lang=${language}]`).waitFor();
}
