// After a run: which driver shows which behaviour of the port's contract. A cell that cannot be tried says why.
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** How test/contract/driver-suite.ts names what it runs for a driver. */
const suiteOf = /^the contract of the (.+) driver$/;

export interface Cell {
  readonly driver: string;
  readonly behaviour: string;
  /** `pass`, `fail` or `n/a: reason`. */
  readonly says: string;
}

export default class DriverMatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const cells = tests.flatMap((test): Cell[] => {
      const driver = test.parent.type === "suite" ? suiteOf.exec(test.parent.name)?.[1] : undefined;
      return driver === undefined ? [] : [{ driver, behaviour: test.name, says: cellOf(test) }];
    });
    if (cells.length > 0) process.stdout.write(`\n${matrixOf(cells)}\n`);
  }
}

/** `pass`, `fail`, or `n/a` with the reason. */
export function cellOf(test: TestCase): string {
  const result = test.result();
  if (result.state === "passed") return "pass";
  if (result.state === "skipped") return `n/a: ${result.note ?? "left out with its whole suite"}`;
  return result.state === "failed" ? "fail" : "n/a: it did not run";
}

/** A table of behaviours by drivers; reasons stand below it. A cell without a test is a hole and says so. */
function matrixOf(cells: readonly Cell[]): string {
  const drivers = [...new Set(cells.map(({ driver }) => driver))];
  const behaviours = [...new Set(cells.map(({ behaviour }) => behaviour))];
  const notes = [...new Set(cells.map(({ says }) => says).filter((says) => says.startsWith("n/a")))];
  const shown = (driver: string, behaviour: string) => {
    const says = cells.find((cell) => cell.driver === driver && cell.behaviour === behaviour)?.says ?? "HOLE";
    return notes.includes(says) ? `n/a ${notes.indexOf(says) + 1}` : says;
  };
  const rows = behaviours.map((behaviour) => [behaviour, ...drivers.map((driver) => shown(driver, behaviour))]);
  const table = [["the contract of every driver", ...drivers], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | "));
  const counts = `${drivers.length} drivers, ${behaviours.length} behaviours, ${cells.filter(({ says }) => says === "pass").length} of ${drivers.length * behaviours.length} cells pass`;
  return [...lines, ...notes.map((says, index) => `n/a ${index + 1}: ${says.replace("n/a: ", "")}`), counts].join("\n");
}
