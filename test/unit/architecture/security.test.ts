import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from './seeded-tree.js';
import { textOf } from './source-files.js';

const PAGE = textOf('docs/security.md');
/** Ids of the standard's requirements of levels 1 and 2, as it lists them. */
const STANDARD = textOf('test/fixtures/asvs-5.0-level-2.txt').trim().split('\n');
/** Rows of the tables: items, how, where. */
const ROWS = PAGE.split('\n')
  .filter((line) => /^\| (V\d|API\d)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/security.md', () => {
  test('answers every item of ASVS 5.0 up to level 2, and each once', () => {
    expect(STANDARD).toHaveLength(253);
    const answered = ROWS.flatMap(([, items = '']) => items.split(', ')).filter((item) =>
      item.startsWith('V'),
    );
    expect(answered.sort()).toEqual([...STANDARD].sort());
  });

  test('answers the ten items of the API Security Top 10', () => {
    const items = ROWS.flatMap(([, item = '']) => (/^API\d+/.exec(item) ?? []).slice());
    expect(items).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
  });

  test('names files that are there, or says why there is none', () => {
    expect(ROWS.filter((cells) => cells.length !== 5)).toEqual([]);
    const wrong = ROWS.flatMap(([, items = '', how = '', where = '']) => {
      const files = [...where.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      const gone = files.filter((path) => !existsSync(join(ROOT, path)));
      const reason = /^not applicable: |\*\*missing\*\*/.test(how);
      const bare = files.length === 0 && !reason;
      return [
        ...gone.map((path) => `${items}: ${path} is not there`),
        ...(bare ? [`${items}: nothing`] : []),
      ];
    });
    expect(wrong).toEqual([]);
  });
});
