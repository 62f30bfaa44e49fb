import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { TEMPLATES } from '../../../src/mail/templates.js';

test('every kind of message that the domain asks for has its words in the letters', () => {
  const source = readFileSync(new URL('../../../src/domain/messages.ts', import.meta.url), 'utf8');
  const ladder = /LADDER_TEMPLATE[^{]*\{([^}]*)\}/.exec(source)?.[1] ?? '';
  const asked = [
    ...[...ladder.matchAll(/: '([a-z_]+)'/g)].map(([, name]) => name ?? ''),
    ...[...source.matchAll(/(?:notice|current|subject)\(\s*'([a-z_]+)'|template: '([a-z_]+)'/g)].map(
      ([, one, two]) => one ?? two ?? '',
    ),
  ];
  const known: readonly string[] = TEMPLATES;
  expect(asked.length).toBeGreaterThan(25);
  expect(asked.filter((name) => !known.includes(name))).toEqual([]);
});
