import { describe, expect, test } from '@jest/globals';
import type { Result } from '../../../src/domain/assignment/state.js';
import type { DeadlineRule } from '../../../src/domain/deadline/rule.js';
import { gate } from '../../../src/domain/directive/gate.js';
import { isRefusal } from '../../../src/domain/errors.js';
import type { ImportPreview, PreviewRow } from '../../../src/domain/import.js';
import { applyPreview } from '../../../src/import/preview.js';
import { PROJECT06_CHOICES, PROJECT06_DIRECTORY } from '../../fixtures/import/project06.js';
import { codes, context, fixture, preview, rowAt } from './support.js';

/**
 * Every row of the file, read by hand against it: number, what it ends as (and which clears fail), who
 * leads, until when, what is asked for.
 */
const BY_HAND = `
  N01 | past | MPS | 2022 | 100/100 personal e-ID accounts
  N02 | past | MPS | 2023-11-30 | report delivered
  N03 | past | MPS | 2023-10-30 | report delivered
  N04 | unclear results+time | MOJ | - | -
  N05 | unclear time | PR01 PR02 PR03 PR04 PR05 PR06 PR07 PR08 PR09 PR10 PR11 PR12 | - | 12/12 provinces
  N06 | past | MOJ | 2024 q1 | pilot running
  N07 | unclear results | MOH | 2024 m1 | -
  N08 | unclear time | SBV | - | pilot running
  N09 | ready | ministries | regular | 437/1086 Cắt giảm, đơn giản hóa thủ tục hành chính
  N10 | unclear time | GO | - | 48 documents
  N11 | unclear results | ministries+provinces | 2023-03-20 | -
  N12 | past | provincial-social-security | 2023-04-15 | 63/63 decisions
  N13 | unclear time | ministries+provinces | - | 38 -> 0
  N14 | past | provinces | 2025 q2 | per district/commune, rolling
  N15 | past | MOC | 2025 m9 | 100/100 Triển khai sinh trắc học và VNeID tại sân bay, cảng, cửa khẩu
  N16 | past | MPS | 2025-07-01 | 100/100 enterprise procedures
  N17 | past | ministries+provinces | 2025-07-01 | 100/100 100% thủ tục hành chính của doanh nghiệp thực hiện trực tuyến
  N18 | unclear results | ministries | 2025-07-31 | -
  N19 | unclear results | ministries+provinces | 2025 m8 | -
  N20 | unclear results | ministries+provinces | 2025 m8 | -
  N21 | past | MPS | 2025 m8 | 3 documents
  N22 | unclear time | MPS | - | 40/61 utilities
  N23 | past | MOHA | 2025 m8 | ≥ 100 experts
  N24 | unclear results+time | MOHA | - | -
  N25 | unclear results | ministries | 2025 m9 | -
  N26 | ready | ministries+provinces | 2025 | >= 30% time; >= 30% cost; >= 30% business conditions; 100% procedures independent of boundaries inside a province
  N27 | past | provinces | 2025-08-15 | all communes
  N28 | unclear results+time | provinces | - | -
  N29 | ready | ministries+provinces | 2025 q4 | "correct, sufficient, clean, alive, unified, shared"
  N30 | ready | ministries+provinces | 2025 | 80/100 Giải quyết thủ tục hành chính toàn trình
  N31 | ready | MST | 2025-12-10 | in operation
  N32 | ready | MST | 2025 | 90/100 Phủ sóng 5G toàn quốc
  N33 | unclear results | MPS | 2025-12-10 | -
  N34 | past | MAE MOH MCST GI | 2025-11-25 | 4 agencies
  N35 | unclear time | ministries+provinces | - | 322 documents
  N36 | past | MAE | 2025-11-30 | "correct, sufficient, clean"
  N37 | unclear results | ministries | 2026 | -
  P01 | unclear people | - | 2023-09-15 | 436167/319284 Thu nhận hồ sơ tài khoản định danh điện tử
  P02 | unclear people | - | 2023-09-15 | 322042/319284 Kích hoạt tài khoản định danh điện tử
  P03 | unclear time | DET DOL DNE DOJ DOC | - | 63 procedures
  P04 | past | PP | 2023-06-20 | 859268 Cài đặt, kích hoạt, sử dụng tài khoản định danh điện tử
  P05 | past | districts | 2023-06-30 | 738291 Kích hoạt tài khoản định danh điện tử
  P06 | past | districts | 2023-07-05 | 100/100 each district
  P07 | past | departments+communes | 2023 m4 | 100/100 100% cán bộ, công chức làm CCCD, tài khoản định danh
  P08 | past | departments+districts | 2023 | ≥ 40/100 Tỷ lệ hồ sơ trực tuyến
  P09 | unclear people+time | - | - | 8 units
  P10 | unclear time | DST | - | in operation
  P11 | unclear results+time | DAE DOH DST | - | -
  P12 | unclear time | departments+communes | - | 0 late tasks
  P13 | unclear time | communes | - | 130/130 Thành lập BCĐ, tổ công tác cấp xã
  P14 | unclear results | communes | regular | -
  P15 | unclear people+results+time | DOF DAE | - | -
  P16 | past | departments+communes | 2024 | ≥ 80/100 Tỷ lệ dịch vụ công trực tuyến
  P17 | past | departments+districts+communes | 2023 | 90% / 80% / 60%
  P18 | unclear people | - | 2023 | 958367/794301 Cấp, kích hoạt tài khoản định danh
  P19 | unclear people+time | - | - | 12163/35470 Cấp tài khoản cho đối tượng an sinh xã hội
  P20 | unclear results | departments+districts | 2020-07-20 | -
  P21 | unclear results | departments+districts+communes | 2024-01-10 | -
  P22 | unclear results | PASC | 2025-10-20 | -
  P23 | past | CDTC | 2025-10-15 | 100/100 staff
  P24 | past | DP | 2022-12-15 | 100/100 Kích hoạt tài khoản mức 1
`;

function plan(choices = PROJECT06_CHOICES): ImportPreview {
  return preview(fixture('project06-tasks.csv'), { directory: PROJECT06_DIRECTORY, choices });
}

function result(of: Result | null): string {
  if (of === null) return '-';
  if (of.kind === 'deliverable') return of.text;
  const figure = of.denominator === null ? String(of.numerator) : `${of.numerator}/${of.denominator}`;
  return `${of.atLeast ? '≥ ' : ''}${figure} ${of.name}`;
}

function time(rule: DeadlineRule | null): string {
  if (rule === null) return '-';
  if (rule.kind === 'date') return rule.date;
  if (rule.kind === 'window') return rule.to;
  if (rule.kind !== 'end_of') return rule.kind;
  const { unit, year, index } = rule.period;
  return unit === 'year' ? String(year) : `${year} ${unit.charAt(0)}${index}`;
}

function line({ task, status, findings }: PreviewRow): string {
  if (task === null) return 'no task';
  const fails = [...new Set(findings.flatMap((finding) => finding.clear ?? []))].join('+');
  const leads = task.leadUnitIds.map((id) => id.replace('unit-', '').toUpperCase()).join(' ');
  const who = task.groupCodes.length > 0 ? task.groupCodes.join('+') : leads;
  const end = fails === '' ? status : `${status} ${fails}`;
  return [task.code, end, who || '-', time(task.deadline.rule), result(task.result)].join(' | ');
}

describe('the 61 rows', () => {
  test('each is read as a person reads it', () => {
    const read = plan().rows.map((row) => `  ${line(row)}`);
    expect(`\n${read.join('\n')}\n`).toBe(BY_HAND);
  });

  test('are all accounted for: ready, unclear, or past with an answer', () => {
    const { summary } = plan();
    expect(summary).toMatchObject({
      rows: 61,
      tasks: 61,
      sections: 0,
      ready: 6,
      unclear: 32,
      past: 23,
      blocked: 0,
    });
    expect(summary.ready + summary.unclear + summary.past).toBe(61);
  });

  test('become a directive that the gate lets through with the unclear rows counted apart', () => {
    const meta = { number: '01/KH-TCT', title: 'Kế hoạch', documentDate: '2025-12-01', endsOn: '2026-12-31' };
    const content = applyPreview(plan(), meta);
    if (isRefusal(content)) throw new Error(content.detail.en);
    expect(content.tasks).toHaveLength(61);
    const groups = new Map(
      PROJECT06_DIRECTORY.groups.map(({ code }) => [
        code,
        PROJECT06_DIRECTORY.units.filter((unit) => unit.groupCode === code).map((unit) => unit.id),
      ]),
    );
    const unitIds = new Set(PROJECT06_DIRECTORY.units.map((unit) => unit.id));
    const { now, calendar, policy } = context();
    const report = gate(content, { now, calendar, policy, unitIds, groups });
    expect(report.findings).toEqual([]);
    expect(report.rows.filter((row) => row.findings.length > 0 && !row.unclear)).toEqual([]);
    expect(report.counts).toMatchObject({ rows: 61, unclear: 32, refused: 0 });
    expect(report.ready).toBe(true);
  });

  test('without answers are not applied, and each question is one of the answers', () => {
    const bare = plan({});
    const asked = bare.unitNames.filter((name) => name.asked).map((name) => name.name);
    const corrected = Object.values(PROJECT06_CHOICES.rows ?? {}).length;
    expect(corrected).toBe(4);
    const answered = new Set(Object.keys(PROJECT06_CHOICES.units ?? {}));
    // The only other question is settled by the correction of its row.
    expect(asked.filter((name) => !answered.has(name))).toEqual([]);
    expect([...answered].filter((name) => !asked.includes(name))).toEqual([]);
    const refusal = applyPreview(bare, { number: null, title: '', documentDate: null });
    expect(isRefusal(refusal) && refusal.code).toBe('import_not_ready');
    const open = bare.rows.flatMap((row) => row.findings.filter((finding) => finding.severity === 'blocks'));
    expect(isRefusal(refusal) && refusal.errors?.length).toBe(open.length);
    expect(new Set(open.map((finding) => finding.code))).toEqual(
      new Set(['unit_unknown', 'deadline_past', 'several_leads']),
    );
  });

  test('keep both numbers of a figure and say where the printed percentage differs', () => {
    const read = plan();
    const differs = read.rows.flatMap((row) =>
      row.findings.filter((each) => each.code === 'percentage_differs'),
    );
    expect(differs.map(({ row, value }) => [row, value])).toEqual([
      [39, '136.60'],
      [43, '24.37'],
    ]);
    expect(differs.map((each) => each.message.en)[0]).toContain('computed it is 136.61 %');
    expect(differs.map((each) => each.message.en)[1]).toContain('computed it is 25.27 %');
  });

  test('give the breakdown of P03 as targets per unit, which add up to the 63', () => {
    const row = rowAt(plan(), 41);
    expect(row.task?.targets.map((target) => target.numerator)).toEqual([13, 2, 5, 38, 5]);
    expect(codes(row)).not.toContain('breakdown_differs');
  });

  test('keep document numbers and addresses, and dates only where the day is stated', () => {
    const read = plan();
    expect(rowAt(read, 3).task?.source).toMatchObject({ number: '7323/VPCP-KSTT', date: '2023-09-23' });
    expect(rowAt(read, 12).task?.source?.date).toBeNull();
    expect(codes(rowAt(read, 12))).toContain('document_date_imprecise');
    expect(rowAt(read, 62).task?.source?.date).toBe('2022-11-24');
    expect(rowAt(read, 47).findings.map((finding) => finding.code)).toContain('document_date_unreadable');
  });

  test('a deadline before its own document needs an answer of its own', () => {
    const past = { default: { answer: 'take_over' } } as const;
    const row = rowAt(plan({ ...PROJECT06_CHOICES, past }), 46);
    expect(row.status).toBe('blocked');
    expect(codes(row)).toEqual(expect.arrayContaining(['deadline_before_document', 'deadline_past']));
    expect(rowAt(plan(), 46).status).toBe('past');
  });

  test('carrying over keeps the first phrase and reads the new one', () => {
    expect(rowAt(plan(), 16).task?.deadline).toMatchObject({
      phrase: 'by month 2025-09',
      past: {
        answer: 'carry_over',
        newPhrase: 'by 2026-06-30',
        newRule: { kind: 'date', date: '2026-06-30' },
      },
    });
  });

  test('a row that fails a clear stays in only where that was answered', () => {
    expect(rowAt(plan(), 5).task?.keepUnclear).toBe(true);
    expect(rowAt(plan(), 3).task?.keepUnclear).toBe(false);
    expect(rowAt(plan({ ...PROJECT06_CHOICES, keepUnclear: [6] }), 5).task?.keepUnclear).toBe(false);
    expect(rowAt(plan({ ...PROJECT06_CHOICES, keepUnclear: [6] }), 6).task?.keepUnclear).toBe(true);
  });
});
