import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/* The layers point one way: shared knows neither features nor app, a feature knows no other feature and
   not the app. The folder is the boundary, so the rule is a list of what each folder may not import. */
const forbid = (...group) => ({
  "no-restricted-imports": ["error", { patterns: [{ group, message: "imports point down: shared -> features -> app" }] }],
});

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks, "jsx-a11y": jsxA11y },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...jsxA11y.flatConfigs.strict.rules,
      "max-lines": ["error", { max: 300, skipBlankLines: false, skipComments: false }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "no-console": "error",
    },
  },
  { files: ["src/api/**/*.{ts,tsx}", "src/shared/**/*.{ts,tsx}"], rules: forbid("@/features/*", "@/app/*", "**/features/**", "**/app/**") },
  { files: ["src/features/**/*.{ts,tsx}"], rules: forbid("@/app/*", "**/app/**", "@/features/*", "../../*") },
  { files: ["src/shared/i18n/messages/*.ts"], rules: { "max-lines": "off" } },
  {
    files: ["scripts/**/*.mjs"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly", Buffer: "readonly" } },
  },
);
