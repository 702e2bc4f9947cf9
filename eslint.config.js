import js from '@eslint/js';
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
    rules: {
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
        [
          ['**/infra/**', '**/emulator/**', '**/operations/**', 'aws-template-emulator'],
          'functions import only functions',
        ],
        [clientsOwn, 'functions share only client/shared with the clients'],
      ),
    },
  },
  {
    files: ['client/browser/**'],
    rules: forbid([
      [
        'node:*',
        '**/functions/**',
        '**/emulator/**',
        '**/operations/**',
        'aws-template-emulator',
        '**/infra/**',
        '@aws-sdk/*',
      ],
      'the browser client runs without Node',
    ]),
  },
  {
    files: ['client/backend/**'],
    rules: forbid([
      ['**/functions/**', '**/emulator/**', '**/operations/**', 'aws-template-emulator', '**/infra/**'],
      'the backend client stands alone',
    ]),
  },
  { files: ['client/shared/**'], rules: forbid([['node:*', '**/../**', '@*'], 'what both sides share needs nothing']) },
  {
    files: ['infra/**'],
    rules: forbid(
      [
        ['**/functions/*/handler.ts', '**/emulator/**', '**/operations/**', 'aws-template-emulator'],
        'infra imports names, never handler code',
      ],
      [clientsOwn, 'infra imports only client/shared'],
    ),
  },
  {
    files: ['emulator/**'],
    rules: forbid([['**/functions/**', '**/infra/**/*-stack.ts'], 'the runtime knows the system only by its template']),
  },
  { files: ['**/*.{js,cjs}'], ...tseslint.configs.disableTypeChecked },
);
