import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { Answer } from '../http/api-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { declaredFetch } from '../support/declared.js';
import {
  makeWorkingGroup,
  openTestEngine,
  type TestEngine,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { PLAN_HEADER, PLAN_ROWS, planWorkbook, sheetData, workbook } from '../support/workbooks.js';
import { type Served, serve } from './served.js';

const PLAN = [
  'STT;Nội dung nhiệm vụ;Đơn vị chủ trì;Đơn vị phối hợp;Thời hạn;Kết quả',
  '1;Rà soát dữ liệu dân cư;Sở Tư pháp;Sở Y tế;trước 20/6/2099;Báo cáo rà soát',
  '2;Cấp định danh điện tử;Sở Không Có;;trước 20/6/2099;Báo cáo cấp định danh',
  '3;Việc chưa có hạn;Sở Y tế;;;Báo cáo chưa có hạn',
].join('\n');

describe('imports of plans', () => {
  let database: TestDatabase;
  let engine: TestEngine;
  let group: WorkingGroupFixture;
  let api: Served;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = openTestEngine(database);
    group = await makeWorkingGroup(engine.writer);
    api = await serve({ database, engine, group });
  });
  afterAll(async () => {
    await api.stop();
    await engine.close();
    await database.drop();
  });

  function form(
    content: string | Uint8Array<ArrayBuffer>,
    name = 'ke-hoach.csv',
    fields: Record<string, string> = {},
  ): FormData {
    const data = new FormData();
    for (const [field, value] of Object.entries(fields)) data.append(field, value);
    data.append('file', new Blob([content]), name);
    return data;
  }
  const upload = async (body: FormData, headers: Record<string, string> = {}): Promise<Answer> =>
    api.as('standing_agency', 'POST', '/v1/imports', { body, headers });
  const drafts = async (): Promise<number> => {
    const found = await engine.writer.query<{ n: number }>(
      'select count(*) as n from directive where working_group_id = $1',
      [group.workingGroupId],
    );
    return found.rows[0]?.n ?? -1;
  };

  test('a plan comes in: previewed, answered, applied once, all or nothing', async () => {
    const started = await upload(
      form(PLAN, 'ke-hoach.csv', { number: '12/KH', documentDate: '2025-01-06', title: 'Kế hoạch nhập' }),
    );
    expect(started.status).toBe(201);
    const { id, preview } = started.body;
    expect(preview.summary).toMatchObject({ tasks: 3, blocked: 1, unclear: 1, ready: 1 });
    expect(preview.rows[0].task).toMatchObject({
      leadUnitIds: [group.units.justice],
      coordinatingUnitIds: [group.units.health],
    });
    const path = `/v1/imports/${id}`;
    const refused = await api.as('standing_agency', 'POST', `${path}/apply`);
    expect(refused).toMatchObject({ status: 422, body: { code: 'import_not_ready' } });
    expect(refused.body.errors.map((error: { pointer: string }) => error.pointer)).toContain('/rows/3');
    // What is wrong is said in the caller's language, in the findings too.
    for (const finding of refused.body.findings) expect(typeof finding.message).toBe('string');
    expect((await api.as('supervisor', 'GET', path)).status).toBe(200);
    expect((await api.as('supervisor', 'PATCH', path, { body: {} })).status).toBe(403);
    expect(await drafts()).toBe(0);
    const units = { 'Sở Không Có': { units: [group.codes.health] } };
    const answered = await api.as('standing_agency', 'PATCH', path, { body: { choices: { units } } });
    expect(answered.body.preview.summary).toMatchObject({ blocked: 0, unclear: 1, ready: 2 });
    // The same line keeps its id, whatever is answered.
    expect(answered.body.preview.rows[0].task.id).toBe(preview.rows[0].task.id);
    const headers = { 'idempotency-key': 'apply-1' };
    const body = { choices: { keepUnclear: true } };
    const applied = await api.as('standing_agency', 'POST', `${path}/apply`, { body, headers });
    expect(applied).toMatchObject({ status: 201, body: { state: 'applied' } });
    expect(applied.headers.get('location')).toBe(`/v1/directives/${applied.body.directiveId}`);
    const again = await api.as('standing_agency', 'POST', `${path}/apply`, { body, headers });
    expect(again).toMatchObject({ status: 201, body: { directiveId: applied.body.directiveId } });
    const other = await api.as('standing_agency', 'POST', `${path}/apply`, { body });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'transition_not_allowed', directiveId: applied.body.directiveId },
    });
    expect(await drafts()).toBe(1);
    const directive = await api.as('standing_agency', 'GET', `/v1/directives/${applied.body.directiveId}`);
    expect(directive.body).toMatchObject({
      state: 'draft',
      number: '12/KH',
      title: 'Kế hoạch nhập',
      documentDate: '2025-01-06',
    });
    expect(
      directive.body.tasks.map((task: { keepUnclear: boolean; leadUnitIds: string[] }) => [
        task.keepUnclear,
        task.leadUnitIds,
      ]),
    ).toEqual([
      [false, [group.units.justice]],
      [false, [group.units.health]],
      [true, [group.units.health]],
    ]);
  });

  test('many at once apply it one time', async () => {
    const { body } = await upload(
      form(PLAN, 'a.csv', {
        choices: JSON.stringify({ units: { 'Sở Không Có': { ignore: true } }, keepUnclear: true }),
      }),
    );
    const before = await drafts();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () =>
        api.as('standing_agency', 'POST', `/v1/imports/${body.id}/apply`),
      ),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 409]));
    expect(await drafts()).toBe(before + 1);
  });

  test('answers of several people at once are all kept', async () => {
    const path = `/v1/imports/${(await upload(form(PLAN))).body.id}`;
    const titles = { 2: 'Một', 3: 'Hai', 4: 'Ba' };
    const answers = await Promise.all(
      Object.entries(titles).map(async ([line, title]) =>
        api.as('standing_agency', 'PATCH', path, { body: { choices: { rows: { [line]: { title } } } } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { preview } = (await api.as('standing_agency', 'GET', path)).body;
    expect(preview.rows.map((row: { task: { title: string } }) => row.task.title)).toEqual([
      'Một',
      'Hai',
      'Ba',
    ]);
  });

  test('a plan as JSON comes in the same way', async () => {
    const rows = [{ title: 'Rà soát', lead: 'Sở Tư pháp', deadline: 'trước 20/6/2099', result: 'Báo cáo' }];
    const { status, body } = await upload(form(JSON.stringify(rows), 'plan.json'));
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'plan', preview: { summary: { tasks: 1, ready: 1 } } });
  });

  test('findings come in the language of the caller', async () => {
    const { body } = await upload(form(PLAN), { 'accept-language': 'en' });
    const said = body.preview.rows[1].findings
      .map((finding: { message: string }) => finding.message)
      .join(' ');
    expect(said).toMatch(/unit/i);
  });

  test('what cannot be read is refused, and nothing is kept', async () => {
    const kept = async (): Promise<number> =>
      (await engine.writer.query<{ n: number }>('select count(*) as n from import')).rows[0]?.n ?? -1;
    const before = await kept();
    expect(await upload(form('a,"b\nc'))).toMatchObject({ status: 422, body: { code: 'import_unreadable' } });
    expect((await upload(form(PLAN, 'a.csv', { choices: '{' }))).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/choices', code: 'malformed_json' }],
    });
    expect((await upload(form(PLAN, 'a.csv', { choices: '{"nonsense":1}' }))).body.errors[0].pointer).toBe(
      '/choices/nonsense',
    );
    expect((await upload(form(PLAN, 'a.csv', { nonsense: 'x' }))).status).toBe(400);
    expect((await upload(form(new Uint8Array(1024 * 1024 + 1)))).status).toBe(413);
    expect((await upload(new FormData())).status).toBe(400);
    expect((await upload(form(`${PLAN}\nTối mật;;;;;`))).body.code).toBe('secret_content');
    expect(await kept()).toBe(before);
  });

  test('a workbook comes in the same way, one of its sheets, and is read once', async () => {
    const second = [PLAN_HEADER, ['9', 'Việc của phụ lục', 'Sở Y tế', 'trước 20/6/2099', 'Báo cáo']];
    const bytes = workbook({
      sheets: [
        { name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) },
        { name: 'Phụ lục', xml: sheetData(second) },
      ],
    });
    const started = await upload(form(Uint8Array.from(bytes), 'ke-hoach.xlsx'));
    expect(started.status).toBe(201);
    const { id, preview } = started.body;
    expect(preview).toMatchObject({ sheet: 'Kế hoạch', separator: 'xlsx', summary: { ready: 2 } });
    expect(preview.findings).toMatchObject([{ code: 'sheet_chosen', cell: null }]);
    const path = `/v1/imports/${id}`;
    const title = { rows: { 2: { title: 'Tên khác' } } };
    await api.as('standing_agency', 'PATCH', path, { body: { choices: title } });
    // What was answered for a row of one sheet is not said of another's.
    const choices = { sheet: 'Phụ lục' };
    const moved = await api.as('standing_agency', 'PATCH', path, { body: { choices } });
    expect(moved.body.preview.rows.map((row: { task: { title: string } }) => row.task.title)).toEqual([
      'Việc của phụ lục',
    ]);
    const wrong = { choices: { sheet: 'Không có' } };
    expect(await api.as('standing_agency', 'PATCH', path, { body: wrong })).toMatchObject({
      status: 422,
      body: { code: 'reference_unknown', errors: [{ pointer: '/sheet' }] },
    });
    const applied = await api.as('standing_agency', 'POST', `${path}/apply`);
    expect(applied).toMatchObject({ status: 201, body: { state: 'applied' } });
  });

  test.each(['xlsx', 'csv'])('the form as %s is imported as it is, without a finding', async (format) => {
    const { token } = group.signIn('standing_agency');
    const given = await declaredFetch(`${api.url}/v1/imports/template?format=${format}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([given.status, given.headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="ke-hoach.${format}"`,
    ]);
    const bytes = new Uint8Array(await given.arrayBuffer());
    const { status, body } = await upload(form(bytes, `ke-hoach.${format}`));
    expect(status).toBe(201);
    const { preview } = body;
    expect(preview.findings).toEqual([]);
    expect(preview.rows.map((row: { findings: object[] }) => row.findings)).toEqual([[]]);
    expect(preview.summary).toMatchObject({ tasks: 1, ready: 1 });
    expect(preview.columns.filter(({ field }: { field: string | null }) => field === null)).toEqual([]);
    const applied = await api.as('standing_agency', 'POST', `/v1/imports/${body.id}/apply`);
    expect(applied.status).toBe(201);
  });

  test('the form offers the units, groups and kinds there are, and forbids none', async () => {
    const given = await declaredFetch(`${api.url}/v1/imports/template`, {
      headers: { authorization: `Bearer ${group.signIn('standing_agency').token}` },
    });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await given.arrayBuffer());
    const page = book.getWorksheet('Kế hoạch');
    const offered = (column: string): unknown[] => {
      const rule = page?.getCell(`${column}2`).dataValidation;
      expect([rule?.type, rule?.showErrorMessage ?? false]).toEqual(['list', false]);
      const [, list = '', last = '0'] =
        /^'Danh mục'!\$([A-Z]+)\$2:\$[A-Z]+\$(\d+)$/.exec(String(rule?.formulae[0])) ?? [];
      const lists = book.getWorksheet('Danh mục');
      return Array.from({ length: Number(last) - 1 }, (_, at) => lists?.getCell(`${list}${at + 2}`).value);
    };
    expect(offered('C')).toEqual(expect.arrayContaining(['Sở Tư pháp', 'Các sở, ban, ngành']));
    expect(offered('D')).not.toContain('Các sở, ban, ngành');
    expect(offered('K')).toEqual(['Nhiệm vụ', 'Mô hình', 'Mục tiêu', 'Thường xuyên']);
    expect(book.getWorksheet('Danh mục')?.state).toBe('hidden');
    expect((await api.as('unit:justice', 'GET', '/v1/imports/template')).status).toBe(403);
  });

  test('a workbook that is none is refused in the language of the caller', async () => {
    const macros = planWorkbook({ more: [{ name: 'xl/vbaProject.bin', data: 'x' }] });
    for (const [locale, said] of [
      ['vi', /macro.*Lưu thành/],
      ['en', /macros.*Save as/],
    ] as const) {
      const answer = await upload(form(Uint8Array.from(macros), 'ke-hoach.xlsm'), {
        'accept-language': locale,
      });
      expect(answer).toMatchObject({ status: 422, body: { code: 'import_unreadable', reason: 'macros' } });
      expect(answer.body.detail).toMatch(said);
    }
    const pdf = await upload(form('%PDF-1.7 ...', 'ke-hoach.xlsx'));
    expect(pdf).toMatchObject({ status: 422, body: { code: 'import_unreadable' } });
  });

  test('only the standing agency of the own Working Group imports', async () => {
    const { body } = await upload(form(PLAN));
    for (const who of ['unit:justice', 'home_affairs', 'administrator'] as const) {
      expect((await api.as(who, 'GET', `/v1/imports/${body.id}`)).status).toBe(403);
    }
    expect((await api.as('standing_agency', 'GET', `/v1/imports/${randomUUID()}`)).status).toBe(404);
    const foreign = await makeWorkingGroup(engine.writer);
    const other = await serve({ database, engine, group: foreign });
    expect((await other.as('standing_agency', 'GET', `/v1/imports/${body.id}`)).status).toBe(404);
    expect((await other.as('standing_agency', 'POST', `/v1/imports/${body.id}/apply`)).status).toBe(404);
    await other.stop();
  });
});
