// What eslint looks at: the addons' own JavaScript, Odoo modules of the browser.
const js = require("@eslint/js");

module.exports = [
  {ignores: [".odoo/**"]},
  js.configs.recommended,
  {
    files: ["**/static/**/*.js"],
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: {
        DataTransfer: "readonly",
        Event: "readonly",
        File: "readonly",
        URL: "readonly",
        URLSearchParams: "readonly",
        clearTimeout: "readonly",
        console: "readonly",
        document: "readonly",
        location: "readonly",
        odoo: "readonly",
        setTimeout: "readonly",
        window: "readonly",
      },
    },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {require: "readonly", module: "writable"},
    },
  },
];
