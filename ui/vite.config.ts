import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: {
    alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) },
    conditions: mode === "test" ? ["browser"] : undefined,
  },
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    target: "es2022",
    // Engines of the window know light-dark(); lowering it would tie every colour to the root's theme.
    cssTarget: ["chrome123", "safari17.5"],
    // The policy of the window allows files only: nothing may be inlined into the page as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first page needs comes in one file: each further one is a way through the window's own protocol.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: /src\/App\.svelte/ }] } } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    css: false,
    // A machine that builds meanwhile is slow to draw a page.
    testTimeout: 20_000,
  },
}));
