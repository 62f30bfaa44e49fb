import { databaseNow } from '../db/lock-store.js';
import { unitNamesOn } from '../db/read/directory.js';
import type { PlanTemplate, TemplateColumn } from '../domain/plan-template.js';
import type { Engine } from './engine.js';
import { type Locale, localDay, look, type Viewer } from './read/view.js';
import { UNIT_GROUPS } from './unit-groups.js';

const KINDS = ['Nhiệm vụ', 'Mô hình', 'Mục tiêu', 'Thường xuyên'];

const hints = {
  code: { vi: 'Số thứ tự của nhiệm vụ', en: 'The number of the task' },
  title: { vi: 'Việc phải làm (rõ việc)', en: 'The work to be done' },
  lead: {
    vi: 'Một đơn vị, hoặc một nhóm đơn vị (rõ người). Nhiều đơn vị: cách nhau bằng dấu chấm phẩy.',
    en: 'One unit, or a group of units. Several units: separated by semicolons.',
  },
  coordinating: { vi: 'Các đơn vị, cách nhau bằng dấu chấm phẩy', en: 'Units, separated by semicolons' },
  monitor: { vi: 'Để trống: cơ quan thường trực', en: 'Blank: the standing agency' },
  deadline: {
    vi: 'Ngày (31/12/2026), quý, tháng hoặc số ngày làm việc (rõ thời gian)',
    en: 'A date (31/12/2026), a quarter, a month or a number of working days',
  },
  result: { vi: 'Văn bản, sản phẩm phải có (rõ kết quả)', en: 'The document or product that is asked for' },
  figure: { vi: 'Chỉ tiêu bằng số, nếu có (ví dụ 95%)', en: 'A target in figures, if there is one (95%)' },
  source: { vi: 'Số, ký hiệu văn bản giao việc, nếu khác', en: 'The number of the document, if another' },
  sourceDate: { vi: 'Ngày của văn bản đó', en: 'The date of that document' },
  kind: { vi: 'Chọn trong danh sách', en: 'Choose from the list' },
  note: { vi: 'Ghi chú', en: 'Notes' },
} as const;

/** The form for plans, with today's units and groups to choose from; its column names are Vietnamese, as plans are. */
export async function planTemplate(engine: Engine, viewer: Viewer): Promise<PlanTemplate> {
  const { units, today } = await look(engine, viewer, async (client) => {
    const now = await databaseNow(client);
    return { units: await unitNamesOn(client, localDay(now)), today: localDay(now) };
  });
  const names = units.map(({ name }) => name);
  const used = new Set(units.map(({ group_code }) => group_code));
  const groups = UNIT_GROUPS.filter(({ code }) => used.has(code)).map(({ name }) => name.vi);
  return {
    title: 'Kế hoạch',
    columns: columnsFor(names, groups, viewer.locale),
    example: [
      '1',
      'Rà soát, làm sạch dữ liệu dân cư',
      names[0] ?? groups[0] ?? '',
      names[1] ?? '',
      '',
      // A year ahead it is past on no day on which the form is filled in.
      `31/12/${Number(today.slice(0, 4)) + 1}`,
      'Báo cáo kết quả rà soát',
      '',
      '',
      '',
      'Nhiệm vụ',
      'Hàng ví dụ: thay bằng nhiệm vụ của kế hoạch',
    ],
  };
}

function columnsFor(
  units: readonly string[],
  groups: readonly string[],
  locale: Locale,
): readonly TemplateColumn[] {
  const column = (
    name: string,
    field: keyof typeof hints,
    width: number,
    values?: readonly string[],
  ): TemplateColumn => ({
    name,
    width,
    hint: hints[field][locale],
    ...(values === undefined ? {} : { values }),
  });
  return [
    column('STT', 'code', 6),
    column('Nhiệm vụ', 'title', 60),
    column('Cơ quan chủ trì', 'lead', 30, [...units, ...groups]),
    column('Cơ quan phối hợp', 'coordinating', 30, units),
    column('Cơ quan theo dõi', 'monitor', 24, units),
    column('Thời hạn', 'deadline', 16),
    column('Sản phẩm', 'result', 40),
    column('Chỉ tiêu', 'figure', 12),
    column('Số ký hiệu văn bản', 'source', 20),
    column('Ngày văn bản', 'sourceDate', 14),
    column('Loại nhiệm vụ', 'kind', 16, KINDS),
    column('Ghi chú', 'note', 30),
  ];
}
