import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { PROJECT06_CHOICES, PROJECT06_DIRECTORY } from '../../demo/project06.js';
import { Assignment } from '../../src/contracts/assignment-resource.js';
import { CountsResource } from '../../src/contracts/counts.js';
import { Directive } from '../../src/contracts/directive-resource.js';
import { GateReport } from '../../src/contracts/directives.js';
import { Import } from '../../src/contracts/imports.js';
import { pageOf } from '../../src/contracts/resources.js';
import { insertUnits } from '../../src/db/directory-store.js';
import type { ImportChoices, UnitChoice } from '../../src/domain/import.js';
import { newId } from '../../src/engine/ids.js';
import { issueBatch } from '../../src/engine/issue.js';
import { type Answer, startTestApi, type TestApi } from '../http/api-fixture.js';
import { assignmentsByUnit, directiveContent, draftTask, issuedDirective } from '../support/fixtures.js';

const Page = pageOf(Assignment);

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await insertUnits(
    api.engine.writer,
    PROJECT06_DIRECTORY.units.map(({ code, name, nameEn, aliases, groupCode }) => ({
      id: newId(),
      code,
      name,
      nameEn,
      aliases,
      groupCode,
      parentId: null,
      email: null,
      validFrom: '2020-01-01',
      validTo: null,
    })),
  );
});

afterAll(async () => {
  await api.stop();
});

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

const tokenOf = (who: 'standing_agency' | 'administrator' | 'unit:justice'): string =>
  api.group.signIn(who).token;

async function asAgency(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { 'idempotency-key': newId(), 'accept-language': 'en' };
  return await api.call(method, path, {
    token: tokenOf('standing_agency'),
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

async function upload(
  name: string,
  bytes: Buffer,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([new Uint8Array(bytes)]), name);
  return await asAgency('POST', '/v1/imports', form);
}

/** Every assignment of a directive, over all pages of its list. */
async function assignmentsOf(directiveId: string): Promise<z.output<typeof Assignment>[]> {
  const items: z.output<typeof Assignment>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await asAgency('GET', `/v1/directives/${directiveId}/assignments?limit=100${next}`);
    const page: z.output<typeof Page> = Page.parse(answer.body);
    items.push(...page.items);
    cursor = page.page.nextCursor;
  }
  return items;
}

/** The names of the file stand for the units made for it, whatever the small Working Group beside them is called. */
function choices(): ImportChoices {
  const units = PROJECT06_DIRECTORY.units.flatMap(({ code, name, aliases }) =>
    [code, name, ...aliases].map((each): [string, UnitChoice] => [each, { units: [code] }]),
  );
  const groups = PROJECT06_DIRECTORY.groups.flatMap(({ code, nameEn, aliases }) =>
    [nameEn, code, ...aliases].map((each): [string, UnitChoice] => [each, { group: code }]),
  );
  const next = new Date().getUTCFullYear() + 1;
  return {
    ...PROJECT06_CHOICES,
    past: {
      ...PROJECT06_CHOICES.past,
      // Its answer of then is itself past by now.
      rows: {
        ...PROJECT06_CHOICES.past?.rows,
        16: { answer: 'carry_over', newPhrase: `by ${next}-06-30` },
      },
    },
    units: { ...Object.fromEntries([...groups, ...units]), ...PROJECT06_CHOICES.units },
  };
}

describe('the 61 rows of the real plan', () => {
  test('come in as a file, are answered, checked and issued, and each is accounted for', async () => {
    const year = new Date().getUTCFullYear();
    const about = { number: '06/KH-TCT', documentDate: `${year}-01-05`, endsOn: `${year + 1}-12-31` };
    const first = await upload('project06-tasks.csv', fixture('project06-tasks.csv'), about);
    expect(first.status).toBe(201);
    const { id: importId, preview } = Import.parse(first.body);
    expect(classes(preview)).toBe(61);
    expect(preview.summary.blocked).toBeGreaterThan(0);
    expect(await asAgency('POST', `/v1/imports/${importId}/apply`, {})).toMatchObject({
      status: 422,
      body: { code: 'import_not_ready' },
    });

    const answered = await asAgency('PATCH', `/v1/imports/${importId}`, { choices: choices() });
    const after = Import.parse(answered.body).preview;
    expect(after.rows.filter(({ status }) => status === 'blocked').flatMap((row) => row.findings)).toEqual(
      [],
    );
    expect(after.summary).toMatchObject({ blocked: 0, unclear: 32 });
    expect(classes(after)).toBe(61);

    const applied = await asAgency('POST', `/v1/imports/${importId}/apply`, {});
    expect(applied).toMatchObject({ status: 201, body: { state: 'applied' } });
    await issueAll(Import.parse(applied.body).directiveId ?? '');
  });
});

/** Every row is an assigned task or an unclear one. */
async function issueAll(id: string): Promise<void> {
  const check = GateReport.parse((await asAgency('POST', `/v1/directives/${id}/check`)).body);
  expect(check).toMatchObject({ ready: true, counts: { rows: 61, unclear: 32, refused: 0 } });
  expect(await asAgency('POST', `/v1/directives/${id}/issue`)).toMatchObject({ status: 200 });
  for (let ready = false; !ready; ) {
    const { assigned, planned } = await issueBatch(api.engine, id);
    ready = assigned === planned;
  }
  const assignments = await assignmentsOf(id);
  expect(assignments).toHaveLength(check.counts.assignments);
  const tasks = new Set(assignments.map(({ task }) => task.id));
  const unclear = check.rows.filter((row) => row.unclear);
  expect(unclear.filter(({ taskId }) => tasks.has(taskId))).toEqual([]);
  const directive = Directive.parse((await asAgency('GET', `/v1/directives/${id}`)).body);
  expect(tasks.size + (directive.counts.unclear ?? 0)).toBe(61);
  // Line 1 holds the names of the columns; every other line is a task of its own.
  const lines = directive.tasks?.map(({ importRow }) => importRow);
  expect(lines).toEqual(Array.from({ length: 61 }, (_, index) => index + 2));
  const { total } = CountsResource.parse((await asAgency('GET', `/v1/counts?directive=${id}`)).body);
  expect(total).toMatchObject({ total: assignments.length + 32, unclear: 32 });
}

function classes({ summary }: z.output<typeof Import>['preview']): number {
  const { ready, past, unclear, blocked, sections, skipped } = summary;
  return ready + past + unclear + blocked + sections + skipped;
}

/** Rows of every table: what has not changed has as many. */
async function rowCounts(): Promise<Record<string, number>> {
  const tables = await api.engine.writer.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const readable = await api.engine.writer.query<{ yes: boolean }>(
      "select has_table_privilege($1, 'select') as yes",
      [name],
    );
    if (readable.rows[0]?.yes !== true) continue;
    const found = await api.engine.writer.query<{ n: number }>(`select count(*)::int as n from "${name}"`);
    counts[name] = found.rows[0]?.n ?? -1;
  }
  return counts;
}

describe('input that is wrong', () => {
  let assignmentId: string;

  beforeAll(async () => {
    const content = directiveContent([draftTask({ leadUnitIds: [api.group.units.justice] })]);
    const id = await issuedDirective(api.engine, api.group, content);
    assignmentId = (await assignmentsByUnit(api.engine.writer, id)).get(api.group.units.justice) ?? '';
  });

  const asUnit = async (path: string, body: unknown): Promise<Answer> =>
    await api.call('POST', `/v1/assignments/${assignmentId}/${path}`, {
      token: tokenOf('unit:justice'),
      body,
    });

  const CASES: readonly (readonly [string, () => Promise<Answer>, number, object])[] = [
    ['an unknown action', async () => await asUnit('explode', {}), 404, { code: 'not_found' }],
    [
      'a forbidden transition, with the reason and what is possible',
      async () => await asUnit('recall', { reason: 'x' }),
      409,
      {
        code: 'transition_not_allowed',
        state: 'assigned',
        allowedFrom: ['submitted'],
        possible: expect.arrayContaining(['acknowledge', 'report', 'submit']),
      },
    ],
    [
      'unknown fields',
      async () => await asUnit('submit', { text: 'Xong', evidences: [] }),
      400,
      { code: 'invalid_body', errors: [expect.objectContaining({ code: 'unknown_field' })] },
    ],
    [
      'a malformed CSV',
      async () => await upload('plan.csv', fixture('import/unclosed-quote.csv')),
      422,
      { code: 'import_unreadable' },
    ],
    [
      'a file in a font’s encoding',
      async () => await upload('plan.csv', fixture('import/vni.csv')),
      422,
      { code: 'import_unreadable', fontEncoding: 'VNI' },
    ],
    [
      'a workbook that calls itself CSV',
      async () => await upload('plan.csv', Buffer.from('PK\u0003\u0004 and so on')),
      422,
      { code: 'import_unreadable' },
    ],
    [
      'a unit code that exists',
      async () =>
        await api.call('POST', '/v1/units', {
          token: tokenOf('administrator'),
          body: { code: 'MPS', name: 'Bộ khác', groupCode: 'ministries' },
        }),
      409,
      { code: 'duplicate_code' },
    ],
  ];

  test.each(CASES)('%s is a problem, and nothing has changed', async (_, send, status, problem) => {
    const before = await rowCounts();
    const answer = await send();
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: problem });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.detail).toEqual(expect.any(String));
    expect(await rowCounts()).toEqual(before);
  });

  test('a due date before the issue without one of the two answers is not issued; with one it is', async () => {
    const task = {
      title: 'Rà soát',
      leadUnitIds: [api.group.units.health],
      result: { kind: 'deliverable', text: 'Báo cáo' },
    };
    const phrase = 'before 20/6/2024';
    const draft = await asAgency('POST', '/v1/directives', {
      number: '7/KH-TCT',
      title: 'Kế hoạch',
      documentDate: '2024-06-01',
      tasks: [{ ...task, deadline: { phrase } }],
    });
    expect(draft.status).toBe(201);
    const url = `/v1/directives/${draft.body.id}`;
    const before = await rowCounts();
    expect(await asAgency('POST', `${url}/issue`)).toMatchObject({
      status: 422,
      body: {
        code: 'gate_refused',
        errors: [{ pointer: '/tasks/0/deadline/past', code: 'deadline_past' }],
      },
    });
    expect(await rowCounts()).toEqual(before);

    const patched = await api.call('PATCH', url, {
      token: tokenOf('standing_agency'),
      headers: { 'if-match': draft.headers.get('etag') ?? '' },
      body: { tasks: [{ ...draft.body.tasks[0], deadline: { phrase, past: { answer: 'take_over' } } }] },
    });
    expect(patched.status).toBe(200);
    expect(await asAgency('POST', `${url}/issue`)).toMatchObject({ status: 200, body: { state: 'issued' } });
  });
});
