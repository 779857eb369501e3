import { defineConfig } from "vitest/config";
export default defineConfig({ cacheDir: "/run/vite", test: { include: ["test/gpio/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } });
