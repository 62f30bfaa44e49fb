import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { NOBODYS } from '../http/matrix-kit.js';
import { declaredFetch } from '../support/declared.js';
import type { FixturePerson } from '../support/fixtures.js';
import { type Served, serve } from './served.js';
import { type Story, tellStory } from './story.js';

const LISTS = [
  'assignments',
  'directives',
  'escalations',
  'extensions',
  'obstacles',
  'people',
  'referrals',
  'reports',
  'reporting-regimes',
  'units',
  'counts',
  'calendar-uses',
  'messages',
  'outages',
  'referral-lists',
  'webhooks',
] as const;

describe('exports of lists', () => {
  let story: Story;
  let api: Served;

  beforeAll(async () => {
    story = await tellStory();
    api = await serve(story);
  });
  afterAll(async () => {
    await api.stop();
    await story.end();
  });

  const rowsOf = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });
  const csv = async (who: FixturePerson, path: string, locale = 'vi'): Promise<Record<string, string>[]> => {
    const { status, body } = await api.as(who, 'GET', path, { headers: { 'accept-language': locale } });
    expect([path, status]).toEqual([path, 200]);
    return rowsOf(String(body));
  };
  const ids = (rows: readonly Record<string, string>[]): string[] =>
    rows.map((row) => row['Mã bản ghi'] ?? '');

  test.each(LISTS)('%s come as CSV and as a workbook, as files that nobody sniffs', async (name) => {
    for (const [format, type] of [
      ['csv', 'text/csv; charset=utf-8'],
      ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ]) {
      const { status, headers } = await api.as('standing_agency', 'GET', `/v1/${name}?format=${format}`);
      expect([status, headers.get('content-type')]).toEqual([200, type]);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}.${format}"`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await api.as('standing_agency', 'GET', `/v1/${name}?format=docx`)).status).toBe(400);
  });

  test('hold the whole list under its filters, in its order, whatever the size of a page', async () => {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const path = `/v1/assignments?limit=2&sort=-due${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { body } = await api.as('standing_agency', 'GET', path);
      all.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.page.nextCursor;
    } while (cursor !== null);
    expect(all.length).toBeGreaterThan(2);
    expect(ids(await csv('standing_agency', '/v1/assignments?format=csv&limit=2&sort=-due'))).toEqual(all);
    const own = await csv('standing_agency', `/v1/directives/${story.directiveId}/assignments?format=csv`);
    expect(ids(own).sort()).toEqual([...all].sort());
    const one = await csv('standing_agency', `/v1/assignments?format=csv&unit=${story.group.units.communeC}`);
    expect(ids(one)).toEqual([story.ids.communeC]);
  });

  test('show each caller only what they may read', async () => {
    const own = await csv('unit:communeC', '/v1/assignments?format=csv');
    const listed = await api.as('unit:communeC', 'GET', '/v1/assignments?limit=200');
    expect(ids(own)).toEqual(listed.body.items.map((item: { id: string }) => item.id));
    expect(own.length).toBeLessThan((await csv('supervisor', '/v1/assignments?format=csv')).length);
    expect((await api.as('home_affairs', 'GET', '/v1/assignments?format=csv')).status).toBe(403);
  });

  test('name their columns and states in the language of the caller, and days by the clock of Vietnam', async () => {
    const [vi] = await csv('supervisor', '/v1/directives?format=csv');
    const [en] = await csv('supervisor', '/v1/directives?format=csv', 'en');
    expect([vi?.['Trạng thái'], en?.State]).toEqual(['Đã ban hành', 'Issued']);
    const { body } = await api.as('supervisor', 'GET', `/v1/assignments/${story.ids.communeC}`);
    const [row] = await csv('supervisor', `/v1/assignments?format=csv&unit=${story.group.units.communeC}`);
    const due = new Date(Date.parse(body.deadline.dueAt) + 7 * 3_600_000).toISOString();
    expect(row?.['Hạn hiện tại']).toBe(due.slice(0, 16).replace('T', ' '));
  });

  test('of the counts hold each group and the total, as the counts say', async () => {
    const { body } = await api.as('supervisor', 'GET', '/v1/counts?groupBy=unit');
    const rows = await csv('supervisor', '/v1/counts?groupBy=unit&format=csv');
    expect(rows.map((row) => [row.Nhóm, Number(row['Tổng số'])])).toEqual([
      ...body.groups.map((group: { label: string; counts: { total: number } }) => [
        group.label,
        group.counts.total,
      ]),
      ['Tổng cộng', body.total.total],
    ]);
  });

  test('as workbooks hold the same cells as the text', async () => {
    const response = await declaredFetch(`${api.url}/v1/units?format=xlsx`, {
      headers: { authorization: `Bearer ${story.group.signIn('supervisor').token}` },
    });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await response.arrayBuffer());
    const [page] = book.worksheets;
    const rows = await csv('supervisor', '/v1/units?format=csv');
    expect(page?.rowCount).toBe(rows.length + 1);
    expect(page?.getRow(2).getCell(2).value).toBe(rows[0]?.['Tên đơn vị']);
  });

  test('of matters hold what was asked and said, and only what the caller may read', async () => {
    for (const [kind, extra] of [
      ['extensions', 'Thời hạn đề nghị'],
      ['obstacles', 'Nguyên nhân'],
    ] as const) {
      const { body } = await api.as('supervisor', 'GET', `/v1/${kind}?limit=200`);
      const rows = await csv('supervisor', `/v1/${kind}?format=csv`);
      expect(ids(rows)).toEqual(body.items.map((item: { id: string }) => item.id));
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect([row[extra], row['Diễn biến']]).not.toContain('');
      const own = await api.as('unit:communeC', 'GET', `/v1/${kind}?limit=200`);
      expect(ids(await csv('unit:communeC', `/v1/${kind}?format=csv`))).toEqual(
        own.body.items.map((item: { id: string }) => item.id),
      );
    }
  });

  test('of a timeline hold what happened, and refuse what the caller may not read', async () => {
    const path = `/v1/assignments/${story.ids.communeC}/timeline`;
    const { body } = await api.as('supervisor', 'GET', `${path}?limit=200`);
    const rows = await csv('supervisor', `${path}?format=csv`);
    expect(rows.map((row) => row.Việc)).toEqual(body.items.map((item: { words: string }) => item.words));
    expect((await api.as('unit:communeA', 'GET', `${path}?format=csv`)).status).toBe(404);
    const whole = await csv(
      'supervisor',
      `/v1/directives/${story.directiveId}/timeline?format=csv&subjects=all`,
    );
    expect(whole.length).toBeGreaterThan(rows.length);
  });

  test('of calendars give the days with their hours and documents, and say who asked for which', async () => {
    const { items } = (await api.as('supervisor', 'GET', '/v1/calendars')).body;
    const path = `/v1/calendars/${items[0].id}/days`;
    const json = (await api.as('supervisor', 'GET', path)).body;
    const rows = await csv('supervisor', `${path}?format=csv`);
    expect(rows.map((row) => row.Ngày)).toEqual(json.items.map(({ date }: { date: string }) => date));
    for (const list of ['edits', 'days']) {
      const file = await api.as('supervisor', 'GET', `/v1/calendars/${items[0].id}/${list}?format=xlsx`);
      expect(file.headers.get('content-disposition')).toContain(`calendar-${list}.xlsx`);
    }
  });

  test('of what hangs on one thing come as its list does: heads, files, deliveries, counts of contributions', async () => {
    const unit = story.group.units.justice;
    expect(await csv('supervisor', `/v1/units/${unit}/heads?format=csv`)).toEqual(expect.any(Array));
    expect((await api.as('supervisor', 'GET', `/v1/units/${NOBODYS}/heads?format=csv`)).status).toBe(404);
    expect(await csv('supervisor', '/v1/contributions/counts?format=csv')).toEqual(expect.any(Array));
    const [row] = await csv('supervisor', '/v1/assignments?format=csv');
    const files = await csv('supervisor', `/v1/assignments/${row?.['Mã bản ghi'] ?? ''}/files?format=csv`);
    expect(files).toEqual(expect.any(Array));
    const dead = await api.as('administrator', 'GET', '/v1/dead-letters?format=csv');
    expect([dead.status, dead.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="dead-letters.csv"',
    ]);
    const [line] = await csv('supervisor', '/v1/counts?format=csv');
    expect(line?.['Theo dữ liệu có lúc']).toEqual(expect.stringMatching(/\d/));
  });

  test('of grants are for who may see them', async () => {
    expect((await csv('administrator', '/v1/grants?format=csv')).length).toBeGreaterThan(0);
    expect((await api.as('home_affairs', 'GET', '/v1/grants?format=csv')).status).toBe(403);
  });

  test('are written to the access log before they leave, without the words searched for', async () => {
    await csv('supervisor', '/v1/assignments?format=csv&q=bí mật&count=open_overdue');
    const { rows } = await story.engine.writer.query(
      "select subject_kind, detail from access_log where action = 'exported' and person_id = $1 order by day desc, seq desc limit 1",
      [story.group.signIn('supervisor').actor.personId],
    );
    expect(rows).toEqual([
      {
        subject_kind: 'assignments',
        detail: {
          format: 'csv',
          filters: { count: 'open_overdue', sort: 'id', searched: true },
          credential: { kind: 'token', id: expect.any(String) },
        },
      },
    ]);
  });
});
