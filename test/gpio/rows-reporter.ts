// One row for each test on the real kernel, `driver | behaviour | pass`, and how many passed and failed.
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { cellOf } from "../support/driver-matrix-reporter.js";

export default class RowsReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const driver = (test.parent.type === "suite" ? test.parent.name : "").replace(
      /^the contract of the (.+) driver$/,
      "$1",
    );
    process.stdout.write(`${driver.replace(" on a real kernel", "")} | ${test.name} | ${cellOf(test)}\n`);
    for (const error of test.result().errors ?? []) process.stdout.write(`${error.stack ?? error.message}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    for (const error of [...errors, ...modules.flatMap((module) => module.errors())])
      process.stdout.write(`${JSON.stringify(error)}\n`);
    process.stdout.write(`${count("passed")} passed, ${count("failed")} failed\n`);
  }
}
