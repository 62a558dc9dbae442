import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const core = fileURLToPath(new URL("./packages/core/src/", import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@pyclab\/core$/, replacement: `${core}index.ts` },
      { find: /^@pyclab\/core\/(.*)$/, replacement: `${core}$1/index.ts` },
    ],
  },
  test: { include: ["packages/*/test/**/*.test.ts"], testTimeout: 120_000, maxWorkers: 2 },
});
