import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const HTML = "Shop data is text, never HTML.";

export default tseslint.config(
  { ignores: ["dist/", "dist-mock/", "node_modules/", "src/lib/ipc/bindings.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { window: "readonly", document: "readonly" } },
    rules: {
      // The type checker knows every name; this rule knows few.
      "no-undef": "off",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: HTML },
        { property: "outerHTML", message: HTML },
        { property: "insertAdjacentHTML", message: HTML },
        { property: "setHTMLUnsafe", message: HTML },
        { object: "document", property: "write", message: HTML },
      ],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only src/lib/ipc speaks to Tauri." },
            { group: ["svelte/transition", "svelte/animate"], message: "They write <style>, which the policy forbids." },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    rules: {
      "svelte/no-at-html-tags": "error",
      // A style attribute is refused by the policy; a style: directive goes through the object model.
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAttribute[key.name='style']", message: "Use a style: directive." },
      ],
      // Dates and maps here are made anew, never changed.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/no-target-blank": "error",
      "svelte/button-has-type": "error",
      // Paths of our own hash router, not SvelteKit's.
      "svelte/no-navigation-without-resolve": "off",
      "prefer-const": "off",
      "svelte/prefer-const": ["error", { destructuring: "all" }],
    },
  },
  {
    files: ["src/lib/ipc/**", "tests/**", "src/**/*.test.ts", "src/features/*/mock.ts", "src/features/*/double.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["isolation/*.js"],
    languageOptions: { sourceType: "script" },
  },
);
