import { describe, expect, test } from '@jest/globals';
import { codes, fixture, preview, refused, rowAt } from './support.js';

const PLAN = 'import/other-province.csv';

function fields(plan: string | Uint8Array): readonly (string | null)[] {
  return preview(plan).columns.map((column) => column.field);
}

describe('a title right above the column names', () => {
  test('is a title, and the names stand in one row', () => {
    const read = preview('KẾ HOẠCH năm 2099,,\nNhiệm vụ,Chủ trì,Thời hạn\na,b,c\n');
    expect([read.headerLine, read.titleLines]).toEqual([2, ['KẾ HOẠCH năm 2099']]);
  });
});

describe('another province’s file', () => {
  const read = preview(fixture(PLAN));

  test('its separator, titles, two-line header and column numbers are found', () => {
    expect(read).toMatchObject({ encoding: 'utf-8', separator: ';', headerLine: 5 });
    expect(read.titleLines).toEqual([
      'ỦY BAN NHÂN DÂN TỈNH AN HÒA',
      'TỔ CÔNG TÁC ĐỀ ÁN 06',
      'KẾ HOẠCH triển khai năm 2026',
    ]);
    expect(read.columns.map((column) => [column.name, column.field])).toEqual([
      ['TT', 'code'],
      ['Nội dung nhiệm vụ', 'title'],
      ['Chủ trì', 'lead'],
      ['Phối hợp', 'coordinating'],
      ['Thời gian hoàn thành', 'deadline'],
      ['Sản phẩm dự kiến', 'result'],
      ['Lãnh đạo phụ trách', null],
    ]);
  });

  test('headings and the total are no tasks, and tasks know their heading', () => {
    expect(read.rows.filter((row) => row.kind === 'section').map((row) => row.section)).toEqual([
      'I LĨNH VỰC DỊCH VỤ CÔNG',
      'II LĨNH VỰC DỮ LIỆU',
      'Lĩnh vực an sinh xã hội',
      'Tổng cộng 5 nhiệm vụ',
    ]);
    expect(read.summary).toMatchObject({ tasks: 6, sections: 4 });
    expect(rowAt(read, 13).section).toBe('II LĨNH VỰC DỮ LIỆU');
  });

  test('a column that is not known is reported and its cells are kept', () => {
    expect(read.findings).toEqual([
      expect.objectContaining({ code: 'column_unknown', column: 'Lãnh đạo phụ trách', row: 5 }),
    ]);
    expect(rowAt(read, 9).cells[6]).toBe('Ông A');
  });

  test('blanks of merged cells take the task above, and it is said', () => {
    const row = rowAt(read, 11);
    expect(row.task).toMatchObject({
      code: '2',
      title: 'Nâng tỷ lệ hồ sơ trực tuyến; không để hồ sơ quá hạn',
    });
    expect(codes(row)).toContain('title_from_above');
  });

  test('formulas stay text', () => {
    const row = rowAt(read, 14);
    expect(row.task?.deadline.phrase).toBe('=DATE(2026,6,30)');
    expect(row.task?.result).toEqual({ kind: 'deliverable', text: '=HYPERLINK("http://x";"Hợp đồng")' });
    expect(codes(row).filter((code) => code === 'formula_kept_as_text')).toHaveLength(2);
  });

  test('reads the same in windows-1258, in UTF-16 with tabs, and decomposed', () => {
    const shape = (name: string): unknown =>
      preview(fixture(`import/${name}`)).rows.map((row) => [
        row.line,
        row.kind,
        row.task?.title,
        row.task?.asTyped.leads,
      ]);
    const same = shape('other-province.csv');
    expect(shape('other-province-1258.csv')).toEqual(same);
    expect(shape('other-province-utf16.csv')).toEqual(same);
    expect(shape('other-province-nfd.csv')).toEqual(same);
    expect(preview(fixture('import/other-province-utf16.csv')).separator).toBe('tab');
  });
});

describe('columns', () => {
  test('are known in any order, with and without accents, in both languages', () => {
    expect(
      fields('Ghi chú,Thời hạn,Đơn vị chủ trì thực hiện,NHIEM VU,Chỉ tiêu\nx,30/6/2026,Sở A,Việc,1\n'),
    ).toEqual(['note', 'deadline', 'lead', 'title', 'figure']);
    expect(fields('Task|Responsible unit|Due date|Deliverable|No.\nx|y|z|w|1\n')).toEqual([
      'title',
      'lead',
      'deadline',
      'result',
      'code',
    ]);
    expect(
      fields(
        'Số TT;Nội dung công việc;Cơ quan, đơn vị phối hợp;Cơ quan theo dõi, đôn đốc;Số, ký hiệu;Ngày ban hành;Loại\n1;a;b;c;d;e;f\n',
      ),
    ).toEqual([...['code', 'title', 'coordinating', 'monitor'], ...['source', 'sourceDate', 'kind']]);
  });

  test('of a progress table are not taken for the plan’s', () => {
    expect(fields('Nhiệm vụ,Chủ trì,Kết quả thực hiện,Ngày bắt đầu\na,b,c,d\n')).toEqual([
      'title',
      'lead',
      null,
      null,
    ]);
  });

  test('that mean the same count once, the exact name first, and the other is reported', () => {
    const read = preview('Nhiệm vụ,Thời hạn hoàn thành,Thời hạn,Chủ trì\na,b,30/6/2026,c\n');
    expect(read.columns.map((column) => column.field)).toEqual(['title', null, 'deadline', 'lead']);
    expect(read.findings.map((finding) => finding.code)).toEqual(['column_repeated']);
  });

  test('are what the caller says they are, by name or by position', () => {
    const plan = 'Việc,Ai,Khi nào,Được gì\nLàm A,Sở A,30/6/2026,Báo cáo\n';
    expect(refused(plan).code).toBe('import_unreadable');
    const byName = preview(plan, {
      choices: { columns: { việc: 'title', AI: 'lead', 'Khi nao': 'deadline', 'Được gì': 'sản phẩm' } },
    });
    expect(byName.columns.map((column) => column.field)).toEqual(['title', 'lead', 'deadline', 'result']);
    expect(rowAt(byName, 2).task).toMatchObject({
      title: 'Làm A',
      result: { kind: 'deliverable', text: 'Báo cáo' },
    });
    const noHeader = preview('Làm A,Sở A,30/6/2026\n', {
      choices: { headerLine: 0, columns: { '#1': 'title', '#2': 'lead', '#3': 'deadline' } },
    });
    expect(noHeader.headerLine).toBe(0);
    expect(rowAt(noHeader, 1).task).toMatchObject({ title: 'Làm A', asTyped: { leads: 'Sở A' } });
  });

  test('that the file has not, or fields that do not exist, are refused by pointer', () => {
    const plan = 'Nhiệm vụ,Chủ trì\na,b\n';
    const refusal = refused(plan, { choices: { columns: { 'Cột/lạ': 'lead', 'Chủ trì': 'boss' } } });
    expect(refusal.code).toBe('reference_unknown');
    expect(refusal.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/columns/Cột~1lạ', 'unknown_column'],
      ['/columns/Chủ trì', 'unknown_field'],
    ]);
  });

  test('without names or cells are dropped, without names but with cells are shown', () => {
    const read = preview('Nhiệm vụ,Chủ trì,,,\na,b,,gì đó,\n');
    expect(read.columns.map((column) => column.name)).toEqual(['Nhiệm vụ', 'Chủ trì', '', '']);
    expect(read.findings.map((finding) => finding.column)).toEqual(['#3', '#4']);
  });
});

describe('malformed tables', () => {
  test('an unclosed quote is refused with the line on which its row begins', () => {
    expect(refused(fixture('import/unclosed-quote.csv'))).toMatchObject({
      code: 'import_unreadable',
      extra: { line: 3, problem: 'quote_not_closed' },
    });
  });

  test('a quote that closes rows too late blocks its row', () => {
    const read = preview(fixture('import/quote-closed-too-late.csv'));
    expect(codes(rowAt(read, 3))).toContain('quote_swallowed_rows');
    expect(rowAt(read, 3).status).toBe('blocked');
    expect(rowAt(read, 5).task?.title).toBe('Việc bốn');
  });

  test('text after a closing quote is refused with its line', () => {
    expect(refused('Nhiệm vụ,Chủ trì\na,b\n"c" d,e\n')).toMatchObject({
      extra: { line: 3, problem: 'quote_in_cell' },
    });
  });

  test('quotes inside a cell that is not quoted are kept, and said', () => {
    const read = preview('Nhiệm vụ,Chủ trì\nBan hành "Quy chế" mới,Sở A\n');
    expect(rowAt(read, 2).task?.title).toBe('Ban hành "Quy chế" mới');
    expect(read.findings.map((finding) => finding.code)).toEqual(['stray_quotes']);
  });

  test('a cell too many blocks its row, cells too few are noted', () => {
    const read = preview('Nhiệm vụ,Chủ trì,Thời hạn\na,b,c,d\ne\n,,\nf,g,30/6/2026,\n');
    expect(codes(rowAt(read, 2))).toContain('too_many_cells');
    expect(codes(rowAt(read, 3))).toContain('too_few_cells');
    expect(codes(rowAt(read, 5))).not.toContain('too_many_cells');
    expect(read.rows).toHaveLength(3);
  });

  test('a file without a header shows its first rows and says what is needed', () => {
    const refusal = refused(fixture('import/no-header.csv'));
    expect(refusal.code).toBe('import_unreadable');
    expect(refusal.extra).toMatchObject({
      separator: ',',
      sample: [{ line: 1, cells: ['a', 'b', 'c'] }, {}, {}],
    });
  });

  test('lines of a row that spans several are counted', () => {
    const read = preview('Nhiệm vụ,Chủ trì\n"a\nb\nc",Sở A\nd,Sở B\n');
    expect(read.rows.map((row) => row.line)).toEqual([2, 5]);
    expect(rowAt(read, 2).task?.title).toBe('a b c');
  });

  test('the line sep=; of a spreadsheet names the separator', () => {
    expect(preview('sep=;\nNhiệm vụ;Chủ trì, phối hợp\na;b\n').separator).toBe(';');
  });

  test('100,000 rows are refused by the limit, and little of them is kept in memory', () => {
    const plan = new TextEncoder().encode(
      `TT,Nhiệm vụ,Chủ trì,Thời hạn\n${Array.from({ length: 100_000 }, (_, at) => `${at},Việc số ${at},Sở A,30/6/2026`).join('\n')}`,
    );
    const before = process.memoryUsage().heapUsed;
    expect(refused(plan)).toMatchObject({ code: 'payload_too_large' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
  });

  test('a row of separators, or without end, is refused', () => {
    expect(refused(`Nhiệm vụ,Chủ trì\n${','.repeat(100_000)}`)).toMatchObject({
      extra: { line: 2, problem: 'row_too_long' },
    });
    expect(refused(`Nhiệm vụ,Chủ trì\na,b\nc,${'x'.repeat(300_000)}`)).toMatchObject({
      extra: { line: 3, problem: 'row_too_long' },
    });
  });
});

describe('rows', () => {
  test('numbered headings are headings when the next number is below them', () => {
    const read = preview('STT,Nhiệm vụ,Chủ trì\nA.,Nhóm chung,\n1,Nhóm một,\n1.1,Việc,Sở A\n2,Việc hai,\n');
    expect(read.rows.map((row) => row.kind)).toEqual(['section', 'section', 'task', 'task']);
    expect(rowAt(read, 5).findings.map((finding) => finding.clear)).toContain('people');
  });

  test('a number without a task is a task whose work is not stated', () => {
    const read = preview('STT,Nhiệm vụ,Chủ trì\n1,Việc,Sở A\n2,,Sở B\n');
    expect(codes(rowAt(read, 3))).toContain('title_missing');
  });

  test('can be said to be tasks, headings, or left out', () => {
    const plan = 'STT,Nhiệm vụ,Chủ trì\n1,Việc,Sở A\n,Chỉ có chữ,\n2,Việc hai,Sở B\n';
    expect(preview(plan).rows.map((row) => row.status)).toEqual(['blocked', 'heading', 'blocked']);
    const read = preview(plan, { choices: { rows: { 3: { kind: 'task' }, 4: { kind: 'skip' } } } });
    expect(read.rows.map((row) => row.status)).toEqual(['blocked', 'unclear', 'skipped']);
    expect(read.summary).toMatchObject({ rows: 3, tasks: 2, skipped: 1 });
  });

  test('take blank cells from above only where that is asked for', () => {
    const plan =
      'STT,Nhiệm vụ,Chủ trì,Thời hạn\n1,Việc,Sở A,30/6/2026\n2,Việc hai,,\nII,Phần hai,,\n3,Việc ba,,\n';
    expect(rowAt(preview(plan), 3).task?.asTyped.leads).toBeNull();
    const read = preview(plan, { choices: { fillDown: ['lead', 'deadline'] } });
    expect(rowAt(read, 3).task).toMatchObject({
      asTyped: { leads: 'Sở A' },
      deadline: { phrase: '30/6/2026' },
    });
    expect(rowAt(read, 5).task?.asTyped.leads).toBeNull();
  });

  test('printed headers of each page are not rows', () => {
    const read = preview('STT,Nhiệm vụ,Chủ trì\n1,Việc,Sở A\nSTT,Nhiệm vụ,Chủ trì\n2,Việc hai,Sở B\n');
    expect(read.rows.map((row) => row.line)).toEqual([2, 4]);
  });

  test('that repeat another are pointed out', () => {
    const read = preview('Nhiệm vụ,Chủ trì\nViệc,Sở A\nViệc,Sở A\n');
    expect(codes(rowAt(read, 3))).toContain('row_repeated');
  });
});
