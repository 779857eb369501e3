// The tests on a real kernel, in the guest: nothing may be written but below /run, and one processor is emulated.
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "/run/vite",
  test: {
    include: ["test/gpio/**/*.test.ts"],
    // onoff must not live in a thread that ends.
    pool: "forks",
    isolate: false,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["./test/gpio/rows-reporter.ts"],
  },
});
