import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../src/domain/errors.js';
import type { ImportChoices, ImportDirectory } from '../../../src/domain/import.js';
import { applyPreview, previewImport, taskIds } from '../../../src/import/preview.js';
import { codes, context, preview, refused, rowAt } from './support.js';

const DIRECTORY: ImportDirectory = {
  units: [
    { id: 'a', code: 'A', name: 'Sở A', nameEn: null, aliases: [], groupCode: 'so' },
    { id: 'b', code: 'B', name: 'Sở B', nameEn: null, aliases: [], groupCode: 'so' },
  ],
  groups: [
    { code: 'so', name: 'Các sở', nameEn: 'Departments', aliases: [] },
    { code: 'none', name: 'Nhóm trống', nameEn: 'Nobody', aliases: [] },
  ],
};
const HEAD = 'STT,Nhiệm vụ,Chủ trì,Phối hợp,Thời hạn,Sản phẩm,Loại,Theo dõi\n';

function one(row: string, choices: ImportChoices = {}) {
  return rowAt(preview(`${HEAD}${row}\n`, { directory: DIRECTORY, choices }), 2);
}

describe('a row', () => {
  test('that says all four is ready', () => {
    const row = one('1,Việc,Sở A,Sở B,30/6/2026,Báo cáo,Nhiệm vụ,');
    expect(row).toMatchObject({ status: 'ready', findings: [] });
    expect(row.task).toMatchObject({
      id: 'task-2',
      code: '1',
      nature: 'specific',
      recurrence: 'one_off',
      leadUnitIds: ['a'],
      coordinatingUnitIds: ['b'],
      severalLeads: null,
      importRow: 2,
    });
  });

  test('with several leads asks, for all rows or for one', () => {
    const plan = '1,Việc,Sở A; Sở B,,30/6/2026,Báo cáo,,';
    expect(one(plan)).toMatchObject({ status: 'blocked', task: { severalLeads: null } });
    expect(one(plan, { severalLeads: 'each_leads' })).toMatchObject({
      status: 'ready',
      task: { severalLeads: 'each_leads' },
    });
    const rows = { 2: { severalLeads: 'first_leads' } } as const;
    expect(one(plan, { severalLeads: 'each_leads', rows })).toMatchObject({
      task: { severalLeads: 'first_leads' },
    });
  });

  test('for a group is a general task', () => {
    expect(one('1,Việc,Các sở,,30/6/2026,Báo cáo,,')).toMatchObject({
      status: 'ready',
      task: { nature: 'general', groupCodes: ['so'], leadUnitIds: [] },
    });
  });

  test('for a group without units fails people', () => {
    expect(codes(one('1,Việc,Nhóm trống,,30/6/2026,Báo cáo,,'))).toEqual(['group_empty']);
  });

  test('that mixes units and groups is asked about', () => {
    expect(codes(one('1,Việc,Sở A; Các sở,,30/6/2026,Báo cáo,,'))).toEqual(['leads_mixed']);
  });

  test('with an unknown lead is answered by a unit, a group or leaving the name out', () => {
    const plan = '1,Việc,Hội X,,30/6/2026,Báo cáo,,';
    expect(one(plan)).toMatchObject({ status: 'blocked' });
    expect(one(plan, { units: { 'Hội X': { units: ['B'] } } })).toMatchObject({
      status: 'ready',
      task: { leadUnitIds: ['b'] },
    });
    expect(one(plan, { units: { 'hội x': { group: 'so' } } })).toMatchObject({
      task: { groupCodes: ['so'] },
    });
    expect(one(plan, { units: { 'Hội X': { ignore: true } } })).toMatchObject({ status: 'unclear' });
  });

  test('with an unknown coordinating unit keeps it as typed and is not held up', () => {
    const row = one('1,Việc,Sở A,các đơn vị liên quan; Sở B,30/6/2026,Báo cáo,,');
    expect(row.status).toBe('ready');
    expect(row.task).toMatchObject({
      coordinatingUnitIds: ['b'],
      asTyped: { coordinating: 'các đơn vị liên quan; Sở B' },
    });
  });

  test('may name one monitor', () => {
    expect(one('1,Việc,Sở A,,30/6/2026,Báo cáo,,Sở B').task?.monitorUnitId).toBe('b');
    expect(codes(one('1,Việc,Sở A,,30/6/2026,Báo cáo,,Sở A; Sở B'))).toEqual(['several_monitors']);
    expect(codes(one('1,Việc,Sở A,,30/6/2026,Báo cáo,,Văn phòng X'))).toEqual(['unit_unknown']);
  });

  test('is regular by its deadline, or by its kind where no deadline is given', () => {
    expect(one('1,Việc,Sở A,,thường xuyên,Báo cáo,,').task?.recurrence).toBe('regular');
    expect(one('1,Việc,Sở A,,,Báo cáo,Thường xuyên,').task).toMatchObject({
      recurrence: 'regular',
      deadline: { rule: { kind: 'regular' } },
    });
    expect(one('1,Việc,Sở A,,30/6/2025,Báo cáo,Thường xuyên,')).toMatchObject({
      status: 'ready',
      task: { recurrence: 'regular' },
    });
    expect(one('1,Việc,Sở A,,30/6/2026,Báo cáo,Mô hình,').task?.kind).toBe('model');
    expect(codes(one('1,Việc,Sở A,,30/6/2026,Báo cáo,Chuyên đề,'))).toEqual(['kind_unknown']);
  });

  test('whose deadline is past asks for one of the two answers', () => {
    const plan = '1,Việc,Sở A,,30/6/2025,Báo cáo,,';
    expect(one(plan)).toMatchObject({ status: 'blocked', task: { deadline: { past: null } } });
    expect(one(plan, { past: { default: { answer: 'take_over' } } })).toMatchObject({
      status: 'past',
      task: { deadline: { past: { answer: 'take_over' } } },
    });
    const carried = (newPhrase: string) =>
      one(plan, { past: { rows: { 2: { answer: 'carry_over', newPhrase } } } });
    expect(carried('31/3/2026')).toMatchObject({ status: 'past' });
    expect(codes(carried('31/3/2025'))).toContain('new_deadline_past');
    expect(codes(carried('sớm'))).toContain('new_deadline_not_understood');
  });

  test('corrected as typed is read as if the file had said so', () => {
    const rows = { 2: { lead: 'Sở B', deadline: '30/6/2026', result: '48 văn bản' } };
    expect(one('1,Việc,Hội X,,sớm,,,', { rows })).toMatchObject({
      status: 'ready',
      task: { leadUnitIds: ['b'], deadline: { phrase: '30/6/2026' }, result: { numerator: 48 } },
    });
  });

  test('of decomposed text finds its units and is kept composed', () => {
    const read = preview(`${HEAD}1,Việc,Sở A,,30/6/2026,Báo cáo,,\n`.normalize('NFD'), {
      directory: DIRECTORY,
    });
    expect(read.summary.ready).toBe(1);
    expect(rowAt(read, 2).task?.title).toBe('Việc'.normalize('NFC'));
  });
});

describe('classified content', () => {
  test.each([
    ['as a title line', `TUYỆT MẬT\n${HEAD}1,Việc,Sở A,,,,,\n`],
    ['as a cell', `${HEAD}1,Việc,Sở A,,,Mật,,\n`],
    ['in brackets', `${HEAD}1,Báo cáo (TỐI MẬT),Sở A,,,,,\n`],
    ['after its label', `Độ mật: Mật\n${HEAD}1,Việc,Sở A,,,,,\n`],
    ['decomposed', `TỐI MẬT\n${HEAD}1,Việc,Sở A,,,,,\n`.normalize('NFD')],
  ])('is refused where the marking stands %s', (_where, plan) => {
    expect(refused(plan).code).toBe('secret_content');
  });

  test('is not what merely speaks of secrecy', () => {
    const plan = `BẢO MẬT THÔNG TIN\n${HEAD}1,Bảo vệ bí mật nhà nước; rà soát tài liệu mật mã,Sở A,,,mật độ dân số,,\n`;
    expect(preview(plan).rows).toHaveLength(1);
  });

  test('is not repeated in the answer', () => {
    expect(JSON.stringify(refused(`${HEAD}1,Kế hoạch phòng thủ,Sở A,,,MẬT,,\n`))).not.toContain('phòng thủ');
  });
});

describe('a preview', () => {
  const plan = `${HEAD}1,Việc,Sở A,,30/6/2026,Báo cáo,,\n2,Việc hai,Hội X,,30/6/2026,Báo cáo,,\n`;

  test('with more answers keeps the ids of its rows', () => {
    let next = 0;
    const fresh = (): string => `fresh-${next++}`;
    const first = preview(plan, { directory: DIRECTORY, newId: taskIds(null, fresh) });
    const choices = { units: { 'Hội X': { units: ['B'] } } };
    const second = preview(plan, { directory: DIRECTORY, choices, newId: taskIds(first, fresh) });
    expect(second.rows.map((row) => row.task?.id)).toEqual(first.rows.map((row) => row.task?.id));
    expect(next).toBe(2);
  });

  test('is applied whole or not at all', () => {
    const open = preview(plan, { directory: DIRECTORY });
    const refusal = applyPreview(open, { number: '1', title: 'T', documentDate: null });
    expect(isRefusal(refusal) && refusal.errors).toEqual([
      expect.objectContaining({ pointer: '/rows/3', code: 'unit_unknown' }),
    ]);
    const done = preview(plan, { directory: DIRECTORY, choices: { units: { 'Hội X': { units: ['B'] } } } });
    const content = applyPreview(done, {
      number: '1',
      title: 'T',
      documentDate: '2025-12-01',
      endsOn: '2026-12-31',
    });
    expect(content).toMatchObject({
      number: '1',
      title: 'T',
      endsOn: '2026-12-31',
      signer: null,
      tasks: [{ code: '1' }, { code: '2' }],
    });
  });

  test('without tasks is not applied', () => {
    expect(isRefusal(applyPreview(preview(HEAD), { number: null, title: '', documentDate: null }))).toBe(
      true,
    );
  });

  test('survives being kept as JSON', () => {
    const read = preview(plan, { directory: DIRECTORY });
    expect(JSON.parse(JSON.stringify(read))).toEqual(read);
  });

  test('counts every task row in exactly one class, whatever the cells say', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        'Sở A',
        'Sở A; Sở B',
        'Các sở',
        'Hội',
        '30/6/2026',
        '30/6/2025',
        'thường xuyên',
        '≥80%',
        '1/0',
        '5 việc',
        'I',
        '1.1',
        '=A1',
        '(',
        '"',
        '…',
        'Mậ',
      ),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    );
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 9 }), { maxLength: 8 }), (rows) => {
        const bytes = new TextEncoder().encode(
          HEAD + rows.map((cells) => cells.map(quoted).join(',')).join('\n'),
        );
        const read = previewImport(bytes, 'plan.csv', context({ directory: DIRECTORY }));
        if (isRefusal(read)) return ['secret_content', 'import_unreadable'].includes(read.code);
        const { tasks, sections, skipped, ready, unclear, past, blocked } = read.summary;
        return tasks === ready + unclear + past + blocked && read.rows.length === tasks + sections + skipped;
      }),
      { numRuns: 300 },
    );
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('plan.csv', 'plan.json'),
        (bytes, name) => {
          previewImport(bytes, name, context());
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a plan that is under way', () => {
  const HEADER =
    'STT;Nhiệm vụ;Chủ trì;Thời hạn;Kết quả;Số văn bản;Ngày văn bản;Ngày tiếp nhận;Ngày báo cáo;Gia hạn đến;Văn bản gia hạn;Ngày nộp kết quả;Ngày xác nhận';
  const directory = {
    units: [{ id: 'u1', code: 'TP', name: 'Sở Tư pháp', nameEn: null, aliases: [], groupCode: 'department' }],
    groups: [],
  };
  const plan = [
    HEADER,
    '1;Rà soát;Sở Tư pháp;trước 30/6/2025;Báo cáo;1/KH;02/01/2025;10/01/2025;15/3/2025;trước 31/8/2025;9/QĐ ngày 01/6/2025;20/8/2025;25/8/2025',
    '2;Cấp thẻ;Sở Tư pháp;trước 30/6/2026;Báo cáo;1/KH;02/01/2025;;;;;20/8/2025;15/8/2025',
    '3;Tập huấn;Sở Tư pháp;trước 30/6/2026;Báo cáo;1/KH;02/01/2025;;25/12/2026;;;;',
    '4;Đối soát;Sở Tư pháp;trước 30/6/2025;Báo cáo;1/KH;02/01/2025;hồi đầu năm;;;;;',
  ].join('\n');

  test('brings its past, with dates and document numbers, and asks nothing about the deadline that is past', () => {
    const row = rowAt(preview(plan, { directory }), 2);
    expect(row.status).toBe('past');
    expect(row.task?.deadline.past).toEqual({ answer: 'take_over' });
    expect(row.task?.history).toMatchObject([
      { kind: 'acknowledged', on: '2025-01-10' },
      { kind: 'reported', on: '2025-03-15' },
      {
        kind: 'extended',
        on: '2025-06-01',
        to: 'trước 31/8/2025',
        document: { number: '9/QĐ', date: '2025-06-01' },
      },
      { kind: 'submitted', on: '2025-08-20' },
      { kind: 'confirmed', on: '2025-08-25' },
    ]);
  });

  test('is held up by what cannot have been so, until it is corrected', () => {
    const found = preview(plan, { directory });
    expect(codes(rowAt(found, 3))).toContain('confirmed_before_submitted');
    expect(codes(rowAt(found, 4))).toContain('past_in_future');
    expect(codes(rowAt(found, 5))).toContain('past_date_unreadable');
    expect(found.summary.blocked).toBe(3);
    const rows = {
      3: { confirmedOn: '25/8/2025' },
      4: { reportedOn: '25/11/2025' },
      5: { acknowledgedOn: '05/01/2025' },
    };
    expect(preview(plan, { directory, choices: { rows } }).summary.blocked).toBe(0);
  });

  test('is held up by an extension that takes time away', () => {
    const rows = { 2: { extendedTo: 'trước 20/6/2025' } };
    const row = rowAt(preview(plan, { directory, choices: { rows } }), 2);
    expect([row.status, codes(row)]).toEqual([
      'blocked',
      expect.arrayContaining(['past_deadline_not_later']),
    ]);
  });
});
