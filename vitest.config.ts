import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";

const setupFiles = ["test/support/each-file.ts"];
/** They end what they start, so files share a process, and what one has loaded is there for the next. */
const sharing = ["test/*.test.ts", "test/edge/**/*.test.ts", "test/hub/**/*.test.ts", "test/simulation/**/*.test.ts"];
/** Contract suites wait for sockets more than they compute; the others are behind them in the same queue. */
const together = { maxWorkers: 3, testTimeout: 20_000, hookTimeout: 60_000, sequence: { groupOrder: 1 }, setupFiles };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: "contract", include: ["test/{browser,contract}/**/*.test.ts"], ...together } },
      { test: { name: "stages", include: sharing, isolate: false, ...together } },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file starts whole sites, which wait more than they compute once they are up; more would starve each other.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          setupFiles,
        },
      },
    ],
  },
});
