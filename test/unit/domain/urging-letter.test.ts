import { describe, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { daysLate, letterText, type UrgingFacts, urgingLetter } from '../../../src/domain/urging-letter.js';
import { at } from './story.js';

const FACTS: UrgingFacts = {
  workingGroup: 'Tổ công tác Đề án 06',
  issuer: 'Công an tỉnh',
  unit: 'Sở Tư pháp',
  head: 'Nguyễn Văn A',
  about: {
    kind: 'task',
    directive: { number: '12/KH-TCT', title: 'Kế hoạch năm 2026', date: '2026-01-05' },
    code: 'A1',
    title: 'Rà soát dữ liệu dân cư',
    phrase: 'trước 30/10/2026',
    firstDeadlineAt: at('2026-10-23 23:59:59'),
    causes: [{ cause: 'Dữ liệu', state: 'Đang chờ xác nhận' }],
  },
  deadlineAt: at('2026-10-30 23:59:59'),
  asOf: at('2026-11-04 17:30'),
  late: { days: 5, workingDays: 3 },
  urgedAt: [at('2026-11-02 17:30')],
  basis: 'Quy chế làm việc của Tổ công tác',
};

describe('an urging letter', () => {
  test('counts the days after the deadline’s own, working ones by the calendar', () => {
    const due = at('2026-10-30 23:59:59');
    expect(daysLate(OFFICE_HOURS, due, due)).toEqual({ days: 0, workingDays: 0 });
    expect(daysLate(OFFICE_HOURS, due, at('2026-10-31 00:00'))).toEqual({ days: 1, workingDays: 0 });
    expect(daysLate(OFFICE_HOURS, due, at('2026-11-04 17:30'))).toEqual({ days: 5, workingDays: 3 });
    expect(daysLate(OFFICE_HOURS, at('2026-10-30 17:30'), at('2026-10-30 18:00'))).toEqual({
      days: 0,
      workingDays: 0,
    });
  });

  test('says what was given, how late it is, who was urged when and what is pending, on its basis', () => {
    expect(urgingLetter(FACTS, OFFICE_HOURS)).toEqual({
      subject: 'V/v đôn đốc thực hiện nhiệm vụ quá hạn: Rà soát dữ liệu dân cư',
      addressee: 'Người đứng đầu Sở Tư pháp (Nguyễn Văn A)',
      basis: [
        'Căn cứ Quy chế làm việc của Tổ công tác;',
        'Căn cứ văn bản số 12/KH-TCT ngày 05/01/2026: Kế hoạch năm 2026;',
      ],
      paragraphs: [
        'Sở Tư pháp được giao chủ trì nhiệm vụ A1 «Rà soát dữ liệu dân cư», thời hạn hết ngày 30/10/2026 (theo văn bản: «trước 30/10/2026»). Thời hạn giao lần đầu: hết ngày 23/10/2026.',
        'Tính đến 17 giờ 30 ngày 04/11/2026, nhiệm vụ đã quá hạn 5 ngày (3 ngày làm việc), đã được đôn đốc ngày 02/11/2026, chưa có kết quả được gửi.',
        'Nguyên nhân Sở Tư pháp đã nêu: Dữ liệu (đang chờ xác nhận).',
        'Đề nghị người đứng đầu Sở Tư pháp trực tiếp chỉ đạo hoàn thành nhiệm vụ, gửi kết quả, nêu rõ nguyên nhân chậm và gửi Công an tỉnh để tổng hợp, báo cáo lãnh đạo Tổ công tác Đề án 06.',
      ],
      closing: 'Công an tỉnh gửi để Sở Tư pháp biết, thực hiện./.',
    });
  });

  test('leaves out what is not known, and says no more than that', () => {
    const bare = urgingLetter(
      {
        ...FACTS,
        head: null,
        basis: null,
        urgedAt: [],
        about: {
          kind: 'task',
          directive: { number: null, title: 'Kế hoạch', date: null },
          code: null,
          title: 'Rà soát',
          phrase: 'trước 30/10/2026',
          firstDeadlineAt: FACTS.deadlineAt,
          causes: [],
        },
      },
      OFFICE_HOURS,
    );
    expect(bare.addressee).toBe('Người đứng đầu Sở Tư pháp');
    expect(bare.basis).toEqual(['Căn cứ văn bản: Kế hoạch;']);
    expect(bare.paragraphs).toHaveLength(3);
    expect(bare.paragraphs[1]).toBe(
      'Tính đến 17 giờ 30 ngày 04/11/2026, nhiệm vụ đã quá hạn 5 ngày (3 ngày làm việc), chưa có kết quả được gửi.',
    );
  });

  test('about a report names its period, and whether what came was returned', () => {
    const about = {
      kind: 'report' as const,
      name: 'Báo cáo tháng',
      period: { opensOn: '2026-09-15', closesOn: '2026-10-14' },
      returned: false,
    };
    const letter = urgingLetter({ ...FACTS, about, basis: null }, OFFICE_HOURS);
    expect(letter).toMatchObject({
      subject: 'V/v đôn đốc gửi báo cáo quá hạn: Báo cáo tháng kỳ 15/09/2026 - 14/10/2026',
      basis: ['Căn cứ chế độ báo cáo «Báo cáo tháng»;'],
      paragraphs: [
        'Sở Tư pháp có trách nhiệm gửi báo cáo «Báo cáo tháng» kỳ 15/09/2026 - 14/10/2026, thời hạn hết ngày 30/10/2026.',
        'Tính đến 17 giờ 30 ngày 04/11/2026, báo cáo đã quá hạn 5 ngày (3 ngày làm việc), đã được đôn đốc ngày 02/11/2026, chưa được gửi.',
        'Đề nghị người đứng đầu Sở Tư pháp trực tiếp chỉ đạo gửi báo cáo, nêu rõ nguyên nhân chậm và gửi Công an tỉnh để tổng hợp, báo cáo lãnh đạo Tổ công tác Đề án 06.',
      ],
    });
    const asked = { ...about, name: 'Báo cáo nhanh', period: null, returned: true };
    const other = urgingLetter({ ...FACTS, about: asked }, OFFICE_HOURS);
    expect(other.basis).toEqual([
      'Căn cứ Quy chế làm việc của Tổ công tác;',
      'Căn cứ yêu cầu báo cáo «Báo cáo nhanh»;',
    ]);
    expect(other.paragraphs[1]).toContain('đã được trả lại và chưa được gửi lại.');
  });

  test('bears number, date and signer once it is signed', () => {
    const letter = urgingLetter(FACTS, OFFICE_HOURS);
    expect(letterText(letter, FACTS, null)).not.toContain('Số:');
    const signed = { number: '45/CV-CAT', date: '2026-11-05', signer: 'Trần Văn B' };
    const text = letterText(letter, FACTS, signed);
    expect(text).toContain('Số: 45/CV-CAT, ngày 05/11/2026');
    expect(text).toContain('Người ký: Trần Văn B');
    expect(text).toContain('Kính gửi: Người đứng đầu Sở Tư pháp (Nguyễn Văn A)');
  });
});
