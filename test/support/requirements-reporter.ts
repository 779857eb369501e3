// Keeps test/requirements.md true: after a whole run it writes which test shows which requirement and whether it passes, and the
// run fails when one has none.
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { type Requirement, requirements } from "./requirements.js";

const table = new URL("../requirements.md", import.meta.url);
const namesMax = 3;

interface Shown {
  readonly file: string;
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped" | "pending";
}

/** For whole runs only: of a part of the tests it would say that the rest is missing. */
export default class RequirementsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => shownBy(module, test)));
    const rows = requirements.map((requirement) => ({ requirement, shown: testsFor(requirement, tests) }));
    writeFileSync(table, pageOf(rows));
    const missing = rows.filter(({ shown }) => !shown.some(({ state }) => state === "passed"));
    if (missing.length === 0) return;
    process.stderr.write(`No passing test names ${missing.map(({ requirement }) => requirement.id).join(", ")}.\n`);
    process.exitCode = 1;
  }
}

function shownBy(module: TestModule, test: TestCase): Shown {
  return { file: module.relativeModuleId, name: test.fullName, state: test.result().state };
}

function testsFor({ id }: Requirement, tests: readonly Shown[]): readonly Shown[] {
  return tests.filter(({ name }) => new RegExp(`\\b${id}\\b`).test(name));
}

function pageOf(rows: readonly { readonly requirement: Requirement; readonly shown: readonly Shown[] }[]): string {
  const lines = rows.map(({ requirement: { id, kind, norm, demand }, shown }) => {
    const passes = shown.some(({ state }) => state === "passed") && !shown.some(({ state }) => state === "failed");
    return `| ${id} | ${kind} | ${norm} | ${demand} | ${testsOf(shown)} | ${passes ? "yes" : "no"} |`;
  });
  return [
    "# Requirements and the tests that show them",
    "",
    "Written by `npm test`; the rows stand in `test/support/requirements.ts`.",
    "",
    "| id | kind | norm | what is demanded | shown by | passes |",
    "|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

/** The first few by name, in a stable order, and how many more there are. */
function testsOf(shown: readonly Shown[]): string {
  const names = [...new Set(shown.map(({ file, name }) => `\`${file}\`: ${name.split(" > ").at(-1)}`))].toSorted();
  const more = names.length > namesMax ? `, and ${names.length - namesMax} more` : "";
  return `${names.slice(0, namesMax).join("<br>").replaceAll("|", "\\|")}${more}`;
}
