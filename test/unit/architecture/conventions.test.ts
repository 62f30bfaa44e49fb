import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../../src/domain/errors.js';
import { ROOT } from './seeded-tree.js';
import { fileNameOf, filesBelow, textOf } from './source-files.js';
import { testTitles } from './test-titles.js';

const CODE = ['src', 'activities', 'workflows', 'test', 'bench', 'demo', 'scripts'];
const isCode = (path: string) => /[.](ts|mjs|cjs)$/.test(path);
const isTest = (path: string) => path.endsWith('.test.ts');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

test('the suites that run first are there', () => {
  const named = [...textOf('test/support/sequencer.mjs').matchAll(/'(test\/[^']+)'/g)].map(
    ([, path = '']) => path,
  );
  expect(named).not.toEqual([]);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

describe('packages', () => {
  const manifest = JSON.parse(textOf('package.json')) as Manifest;
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  const lock = JSON.parse(textOf('package-lock.json')) as Lock;

  test('are all wanted in one exact version', () => {
    expect(
      Object.entries(wanted).filter(
        ([, version]) => !/^(npm:@[a-z]+\/[a-z]+@)?\d+[.]\d+[.]\d+/.test(version),
      ),
    ).toEqual([]);
  });

  test('of Temporal are all of the same version, also those that others bring', () => {
    const versions = Object.entries(lock.packages)
      .filter(([path]) => /(^|\/)node_modules\/@temporalio\/[^/]+$/.test(path))
      .map(([path, { version }]) => `${path.split('/').at(-1) ?? ''} ${version ?? ''}`);
    expect(versions.filter((text) => !text.endsWith(` ${wanted['@temporalio/worker'] ?? ''}`))).toEqual([]);
    expect(versions).not.toEqual([]);
  });

  test('are all in the lock file, also those of other systems, without which npm ci refuses it', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter(
          (name) =>
            !(`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages),
        )
        .map((name) => `${path} ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('come from whatever registry a machine uses: the lock file names none', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });

  test('hold protobufjs at the top in the version Temporal needs, without which histories do not replay', () => {
    const top = lock.packages['node_modules/protobufjs']?.version;
    const nested = Object.keys(lock.packages).filter((path) =>
      /@temporalio\/[^/]+\/node_modules\/protobufjs$/.test(path),
    );
    expect({ top, nested }).toEqual({ top: wanted.protobufjs, nested: [] });
  });
});

describe('tests', () => {
  test('have a title that no other test has', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const path of filesBelow(['test'], isTest)) {
      for (const { title, line } of testTitles(path, textOf(path))) {
        const place = `${path}:${line}`;
        const other = seen.get(title);
        if (other !== undefined) twice.push(`${place} and ${other}: ${title}`);
        seen.set(title, place);
      }
    }
    expect(twice).toEqual([]);
  });

  test('with the same title are found when groups and tables hide them', () => {
    const text =
      "describe('a', () => { test('b', f); it.each([1])('b', f); });\n" +
      "describe('c', () => { test('b', f); });\n";
    expect(testTitles('x.test.ts', text).map(({ title }) => title)).toEqual(['a › b', 'a › b', 'c › b']);
  });

  test('are all run: none is focused', () => {
    const focused = filesBelow(['test'], isTest).filter((path) =>
      /^\s*(test|it|describe)[.]only\b/m.test(textOf(path)),
    );
    expect(focused).toEqual([]);
  });
});

describe('workflows', () => {
  const index = textOf('workflows/index.ts');
  const names = [...index.matchAll(/export\s*\{([^}]*)\}/g)]
    .flatMap(([, list]) => (list ?? '').split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));

  test('are exported one by one, so that each can be asked for its tests', () => {
    expect(index).not.toMatch(/export\s*\*/);
  });

  test.each(names)('%s passes the crash kit in test/crash', (name) => {
    const files = filesBelow(['test/crash'], isTest).filter((path) => path.includes(`/${fileNameOf(name)}`));
    expect(files.filter((path) => textOf(path).includes('crash-kit'))).not.toEqual([]);
  });

  test.each(names)('%s has stored histories that are replayed', (name) => {
    const start = `test/replay/histories/${fileNameOf(name)}.`;
    expect(filesBelow(['test/replay/histories'], (path) => path.startsWith(start))).not.toEqual([]);
  });
});

describe('documents', () => {
  test('name every error code, and no code that does not exist', () => {
    const documented = [...textOf('docs/errors.md').matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code);
    expect([...documented].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  test('keep the README a map: 150 lines at most', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(151);
  });

  test('lead nowhere that does not exist in this repository', () => {
    const dead = ['README.md', ...filesBelow(['docs'], (path) => path.endsWith('.md'))].flatMap((path) =>
      deadLinks(path).map((link) => `${path}: ${link}`),
    );
    expect(dead).toEqual([]);
  });
});

describe('exceptions', () => {
  test('from lint carry their reason on the line', () => {
    const silent = filesBelow(CODE, isCode).flatMap((path) =>
      [...textOf(path).matchAll(/(eslint-disable|@ts-expect-error|@ts-ignore)[^\n]*/g)]
        .filter(([text]) => !/(eslint-disable.* -- \S|@ts-expect-error \S)/.test(text))
        .map(([text]) => `${path}: ${text}`),
    );
    expect(silent.filter((text) => !text.startsWith('test/unit/architecture/conventions.test.ts'))).toEqual(
      [],
    );
  });
});

/** Links of a Markdown file to files that are not there. */
function deadLinks(path: string): string[] {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return [...textOf(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !existsSync(join(ROOT, folder, link)));
}
