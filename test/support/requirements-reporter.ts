// Keeps test/requirements.md and test/security.md true: after a whole run it writes which test shows which row and whether it
// passes, and the run fails when a row has none.
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { type Row, type Table, tables } from "./shown-rows.js";

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
    const missing = tables.flatMap((table) => write(table, tests));
    if (missing.length === 0) return;
    process.stderr.write(`No passing test names ${missing.join(", ")}.\n`);
    process.exitCode = 1;
  }
}

/** Writes the table's page; the ids of the rows that no passing test shows. */
function write(table: Table, tests: readonly Shown[]): readonly string[] {
  const rows = table.rows.map((row) => ({ row, shown: testsFor(row, tests) }));
  writeFileSync(table.page, pageOf(table, rows));
  return rows.filter(({ shown }) => !shown.some(({ state }) => state === "passed")).map(({ row }) => row.id);
}

function shownBy(module: TestModule, test: TestCase): Shown {
  return { file: module.relativeModuleId, name: test.fullName, state: test.result().state };
}

function testsFor({ id }: Row, tests: readonly Shown[]): readonly Shown[] {
  return tests.filter(({ name }) => new RegExp(`\\b${id}\\b`).test(name));
}

function pageOf(
  { title, source, columns }: Table,
  rows: readonly { readonly row: Row; readonly shown: readonly Shown[] }[],
): string {
  const lines = rows.map(({ row: { id, cells }, shown }) => {
    const passes = shown.some(({ state }) => state === "passed") && !shown.some(({ state }) => state === "failed");
    return line([id, ...cells, testsOf(shown), passes ? "yes" : "no"]);
  });
  return [
    `# ${title}`,
    "",
    `Written by \`npm test\`; the rows stand in \`${source}\`.`,
    "",
    line(["id", ...columns, "shown by", "passes"]),
    `|${"---|".repeat(columns.length + 3)}`,
    ...lines,
    "",
  ].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The first few by name, in a stable order, and how many more there are. */
function testsOf(shown: readonly Shown[]): string {
  const names = [...new Set(shown.map(({ file, name }) => `\`${file}\`: ${name.split(" > ").at(-1)}`))].toSorted();
  const more = names.length > namesMax ? `, and ${names.length - namesMax} more` : "";
  return `${names.slice(0, namesMax).join("<br>").replaceAll("|", "\\|")}${more}`;
}
