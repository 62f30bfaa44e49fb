import { describe, expect, test } from '@jest/globals';
import { createLetterWriter, type LetterContent, type LineContent } from '../../../src/mail/render.js';
import { TEMPLATES, wordsOf } from '../../../src/mail/templates.js';

const writer = createLetterWriter({ publicUrl: 'https://dondoc.example/' });
const LINE: LineContent = {
  template: 'urge',
  params: {},
  code: 'II.3',
  title: 'Số hóa hồ sơ',
  deadline: Date.UTC(2025, 5, 30, 16, 59, 59),
  directiveNumber: '27/KH-UBND',
  directiveTitle: 'Kế hoạch Đề án 06',
  unitName: 'Sở Y tế',
  assignmentId: 'a-1',
  directiveId: 'd-1',
};
const LETTER: LetterContent = {
  locale: 'vi',
  receiverName: 'Sở Y tế',
  workingGroupName: 'Tổ công tác',
  lines: [LINE],
  further: 0,
};
const NOTHING: LineContent = {
  ...LINE,
  code: null,
  title: null,
  deadline: null,
  directiveNumber: null,
  directiveTitle: null,
  unitName: null,
  assignmentId: null,
};

describe('a letter', () => {
  test.each(TEMPLATES.flatMap((template) => [['vi', template] as const, ['en', template] as const]))(
    'in %s about %s is written from everything and from nothing',
    (locale, template) => {
      for (const line of [
        { ...LINE, template },
        { ...NOTHING, template },
      ]) {
        const { subject, text, html } = writer.write({ ...LETTER, locale, lines: [line] });
        for (const words of [subject, text, html]) expect(words).not.toMatch(/undefined|null|NaN|\[object/);
        expect(text).toContain(wordsOf(locale).templates[template].subject);
        expect(html.startsWith('<!doctype html>')).toBe(true);
      }
    },
  );

  test('shows code, title, unit, local deadline with its zone, directive and a link', () => {
    const { subject, text } = writer.write(LETTER);
    expect(subject).toBe('[Đôn đốc] Đôn đốc nhiệm vụ quá hạn: II.3 – Số hóa hồ sơ');
    expect(text).toContain('   Nhiệm vụ: II.3 – Số hóa hồ sơ\n   Đơn vị chủ trì: Sở Y tế\n');
    expect(text).toContain('Thời hạn: 23:59 ngày 30/06/2025 (giờ +07:00)');
    expect(text).toContain('Văn bản giao: 27/KH-UBND – Kế hoạch Đề án 06');
    expect(text).toContain('https://dondoc.example/assignments/a-1');
    expect(writer.write({ ...LETTER, locale: 'en' }).text).toContain('Deadline: 30 Jun 2025, 23:59 (+07:00)');
  });

  test('says the answer that was given', () => {
    const line = { ...LINE, template: 'extension_decided', params: { answer: 'refused' } };
    expect(writer.write({ ...LETTER, lines: [line] }).text).toContain('không được chấp thuận');
    expect(writer.write({ ...LETTER, lines: [{ ...line, params: { answer: 'odd' } }] }).text).toContain(
      'đã được trả lời',
    );
  });

  test('joins several lines and counts those it does not show', () => {
    const { subject, text } = writer.write({
      ...LETTER,
      lines: [LINE, { ...LINE, template: 'assigned' }],
      further: 8,
    });
    expect(subject).toContain('10 nội dung');
    expect(text).toContain('2. Giao nhiệm vụ');
    expect(text).toContain('Và 8 nội dung khác');
  });

  test('lets nothing that was typed become markup or a header line', () => {
    const line = { ...LINE, title: '<img src=x onerror=alert(1)>\r\nBcc: all@example.vn' };
    const { subject, html } = writer.write({ ...LETTER, receiverName: '<b>', lines: [line] });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<b>');
  });

  test.each([Number.POSITIVE_INFINITY, Number.NaN, 9e15, -9e15])(
    'leaves out the impossible instant %p',
    (deadline) => {
      expect(writer.write({ ...LETTER, lines: [{ ...LINE, deadline }] }).text).not.toContain('Thời hạn');
    },
  );

  test('of a kind that a newer program wrote is a plain notice', () => {
    expect(writer.write({ ...LETTER, lines: [{ ...LINE, template: 'from_the_future' }] }).subject).toContain(
      'Thông báo',
    );
  });

  test('is never empty, and its subject never endless', () => {
    expect(writer.write({ ...LETTER, lines: [] }).subject).toBe('[Đôn đốc] Thông báo');
    expect(
      writer.write({ ...LETTER, lines: [{ ...LINE, title: 'x'.repeat(900) }] }).subject.length,
    ).toBeLessThanOrEqual(150);
  });
});
