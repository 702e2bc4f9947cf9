import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Imports run one way; each entry lists what a folder must never reach. */
const forbid = (...patterns) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: patterns.map(([group, message]) =>
        Array.isArray(group) ? { group, message } : { regex: group, message },
      ),
    },
  ],
});

/** The folders of the project that a folder must not import from; client/ has rules of its own. */
const outside = (folder) => [
  ...['bench', 'examples', 'functions', 'infra', 'operations']
    .filter((name) => name !== folder)
    .map((name) => `**/${name}/**`),
  ...(folder === 'emulator' ? [] : ['**/emulator/**', 'aws-template-emulator']),
];

const readsEnvironment = 'functions/aws/environment.ts and operations/environment.ts read the environment';

/** Everything of client/ but what it shares with the functions. */
const clientsOwn = '/client/(?!shared/)';

export default tseslint.config(
  { ignores: ['cdk.out/', 'dist/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      'func-style': ['error', 'expression'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['test/**', 'emulator/test/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['functions/**'],
    rules: {
      'no-console': 'error',
      ...forbid(
        [[...outside('functions'), 'aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], 'functions import only functions'],
        [clientsOwn, 'functions share only client/shared with the clients'],
      ),
    },
  },
  {
    files: ['client/browser/**'],
    rules: forbid([
      [...outside('client'), 'node:*', '@aws-sdk/*', '**/client/backend/**', '../backend/*'],
      'the browser client runs without Node',
    ]),
  },
  {
    files: ['client/backend/**'],
    rules: forbid([[...outside('client'), '../browser/*'], 'the backend client stands alone']),
  },
  { files: ['client/shared/**'], rules: forbid([['node:*', '**/../**', '@*'], 'what both sides share needs nothing']) },
  {
    files: ['infra/**'],
    rules: forbid(
      [
        ['**/functions/*/handler.ts', ...outside('infra').filter((group) => !group.includes('functions'))],
        'infra imports names, never handler code',
      ],
      [clientsOwn, 'infra shares only client/shared with the clients'],
    ),
  },
  {
    files: ['emulator/**'],
    rules: forbid([outside('emulator'), 'the emulator knows nothing of this project']),
  },
  {
    files: ['bench/**', 'client/**', 'emulator/**', 'functions/**', 'infra/**', 'operations/**'],
    ignores: ['operations/environment.ts', 'functions/aws/environment.ts', 'emulator/test/**'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: readsEnvironment }] },
  },
  {
    files: ['operations/**', 'bench/**', 'examples/**', 'test/**'],
    rules: forbid([['**/emulator/**'], 'the emulator has one entry: aws-template-emulator']),
  },
  {
    // Its types come from files that use Node's, so no tsconfig keeps Node out of it.
    files: ['operations/console/page/**'],
    rules: {
      'no-restricted-globals': ['error', ...['Buffer', 'global', 'process', 'require', 'setImmediate']],
      ...forbid([['**/emulator/**', 'aws-template-emulator', 'node:*'], "the console's page runs in browsers"]),
    },
  },
  { files: ['**/*.{js,cjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        ...{ require: 'readonly', module: 'writable', exports: 'writable', process: 'readonly', __dirname: 'readonly' },
        globalThis: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
