import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROLES } from '../../../src/domain/actor.js';
import { permissionOf, relationsOf, rolesOf } from '../../../src/domain/permission/permission.js';
import { RELATIONS } from '../../../src/domain/permission/relation.js';
import { PERMISSIONS } from '../../../src/domain/permission/table.js';
import { ROUTES } from '../../../src/http/routes/index.js';
import { ROOT } from './seeded-tree.js';
import { filesBelow, textOf } from './source-files.js';

const PAGE = 'docs/permissions.md';
const UPDATE = 'UPDATE_DOCS=1 npm run test:unit -- --testPathPatterns conventions-permissions';

describe('the policy table', () => {
  test('has a row for every operation that is served, and no row for another', () => {
    expect(Object.keys(PERMISSIONS).sort()).toEqual(ROUTES.map((route) => route.operationId).sort());
  });

  test('is what every route asks: none states its own access', () => {
    const own = filesBelow(['src/http/routes'], (path) => path.endsWith('.ts')).filter((path) =>
      /^\s*access:/m.test(textOf(path)),
    );
    expect(own).toEqual([]);
    for (const route of ROUTES) {
      const permission = permissionOf(route.operationId);
      expect([route.operationId, route.access]).toEqual([
        route.operationId,
        permission === null ? null : rolesOf(permission),
      ]);
    }
  });

  test('denies what it does not name', () => {
    expect([permissionOf('nothing'), permissionOf('constructor'), permissionOf('__proto__')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('asks more than the scope of reading of whatever may change something', () => {
    const weak = ROUTES.filter(
      (route) => route.method !== 'get' && permissionOf(route.operationId)?.scope === 'read',
    );
    // It asks how a phrase would be read, and changes nothing.
    expect(weak.map((route) => route.operationId)).toEqual(['previewDeadline']);
  });

  test('gives no act on the work to administrators', () => {
    const acts = ROUTES.filter((route) => {
      const permission = permissionOf(route.operationId);
      return permission?.scope === 'write' && relationsOf(permission, 'administrator').length > 0;
    });
    expect(acts.map((route) => route.operationId)).toEqual([]);
  });

  test('is the one that docs/permissions.md shows', () => {
    if (process.env.UPDATE_DOCS === '1') writeFileSync(join(ROOT, PAGE), page());
    expect(textOf(PAGE)).toBe(page());
  });
});

function page(): string {
  const rows = ROUTES.flatMap((route) => {
    const permission = permissionOf(route.operationId);
    if (permission === null) return [];
    const cells =
      permission.allow === 'signed_in'
        ? ROLES.map(() => 'own_person')
        : ROLES.map((role) => relationsOf(permission, role).join(', ') || '–');
    const name = `${route.method.toUpperCase()} ${route.path}`;
    return [`| ${route.operationId} | ${name} | ${cells.join(' | ')} | ${permission.scope} |`];
  });
  return [
    '# Permissions',
    '',
    'Who may call what, and in which relation to the object. Written from `src/domain/permission/table.ts`, which the',
    `API asks; do not edit: \`${UPDATE}\` writes it, and a test compares it.`,
    '',
    'Whatever is not named is denied (`–`). What exists of others is answered as if it did not exist (404). Which states',
    'allow an act is in [states.md](states.md); what the API really answers to each role in each relation is in',
    '[matrix.md](../test/http/matrix.md), written from its answers.',
    '',
    '## Relations',
    '',
    '| relation | it holds where |',
    '|---|---|',
    ...Object.entries(RELATIONS).map(([name, text]) => `| ${name} | ${text} |`),
    '',
    '## Operations',
    '',
    `| operation | route | ${ROLES.join(' | ')} | scope of a token |`,
    `|---|---|${ROLES.map(() => '---|').join('')}---|`,
    ...rows,
    '',
  ].join('\n');
}
