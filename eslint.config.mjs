import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What is not an import and needs types: promises, exhaustiveness, clocks, the environment, sizes, casts.
// Formatting and untyped lint are Biome's; imports are dependency-cruiser's (.dependency-cruiser.cjs).
// test/unit/architecture seeds a violation of each rule that is named here.
// An exception is a disable comment on its line with ` -- reason`; a test refuses one without.

const PRODUCT = ['src/**/*.ts', 'activities/**/*.ts', 'workflows/**/*.ts'];

/** In a folder with a space or an accent the path of a URL names no file; `fileURLToPath`, or the URL itself, does. */
const files = [
  {
    selector:
      "MemberExpression[property.name='pathname'] > NewExpression[callee.name='URL'] > MemberExpression > MetaProperty",
    message: 'A file is read by its URL, or by fileURLToPath: pathname is escaped.',
  },
];
const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only src/config.ts reads the environment; take the setting from the configuration.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] Property[key.name="env"]',
    message: 'Only src/config.ts reads the environment; take the setting from the configuration.',
  },
  {
    selector:
      ':matches(ImportDeclaration, ExportNamedDeclaration)[source.value=/^(node:)?process$/] ' +
      ':matches(ImportSpecifier[imported.name="env"], ExportSpecifier[local.name="env"])',
    message: 'Only src/config.ts reads the environment; take the setting from the configuration.',
  },
];

const clocks = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'Time is handed to the domain; it never reads a clock.',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time is handed to the domain; it never reads a clock.',
  },
  {
    selector: 'CallExpression[callee.name="Date"]',
    message: 'Time is handed to the domain; it never reads a clock.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'The domain decides the same thing twice: chance is handed to it.',
  },
];

const NODE_GLOBALS = [
  ...['process', 'Buffer', 'global', 'require', 'module', 'exports', '__dirname', '__filename'],
  ...['console', 'fetch', 'performance', 'setImmediate', 'clearImmediate', 'WeakRef', 'FinalizationRegistry'],
].map((name) => ({
  name,
  message: 'Not in workflow code: it is replayed, in a sandbox that has none of Node.',
}));

export default defineConfig(
  {
    ignores: ['dist/', 'data/', '.cache/', 'coverage/', 'node_modules/', 'web/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An underscore says that a parameter is there for the signature, as it does for the compiler.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers read well in messages; everything else is written out.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return done()` of a function that returns nothing reads as what it is.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Texts are taken apart by code points on purpose: Vietnamese in NFC has no others to lose.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // `Record<never, never>` is how a fact without data is written.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // A fifth of the whole time of lint, for enums and nominal classes, of which there are none to mix up.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Interfaces of promises are kept also where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: [...PRODUCT, 'scripts/**/*.mjs'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: PRODUCT, rules: { 'no-restricted-syntax': ['error', ...environment, ...files] } },
  {
    // Casts are for the places where outside data gets its type.
    files: PRODUCT,
    ignores: ['**/*.schema.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }] },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...environment, ...clocks, ...files] },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['workflows/**/*.ts'], rules: { 'no-restricted-globals': ['error', ...NODE_GLOBALS] } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'demo/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...files],
      // Tests and measurements look at answers whose shape is what they check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
);
