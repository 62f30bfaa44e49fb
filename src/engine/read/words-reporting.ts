import type { Bilingual } from '../../domain/errors.js';
import type { SubjectNote } from '../../domain/note.js';
import type { ReportEvent } from '../../domain/report/events.js';
import type { RegimeEvent } from '../../domain/report/regime.js';
import {
  calendarApplied,
  calendarChanged,
  dated,
  field,
  outageExcused,
  said,
  text,
  type WordsOf,
} from './words-common.js';

const LAPSES: Readonly<Record<string, Bilingual>> = {
  regime_ended: { vi: 'Hết hiệu lực do chế độ báo cáo kết thúc', en: 'Lapsed: the regime ended' },
  request_ended: {
    vi: 'Hết hiệu lực do yêu cầu báo cáo được rút lại',
    en: 'Lapsed: the request was taken back',
  },
  directive_closed: { vi: 'Hết hiệu lực do văn bản đã kết thúc', en: 'Lapsed: the directive has closed' },
  directive_withdrawn: {
    vi: 'Hết hiệu lực do văn bản bị thu hồi',
    en: 'Lapsed: the directive was withdrawn',
  },
  unit_abolished: { vi: 'Hết hiệu lực do đơn vị chấm dứt hoạt động', en: 'Lapsed: the unit is no more' },
};

export const OBLIGATION: WordsOf<Exclude<ReportEvent, SubjectNote>['type']> = {
  opened: (data) => ({
    vi: `Mở kỳ báo cáo, hạn gửi ${dated(data, 'dueAt')}`,
    en: `Period opened, due ${dated(data, 'dueAt')}`,
  }),
  submitted: (data) => ({
    vi: `Đơn vị gửi báo cáo lúc ${dated(data, 'at')}`,
    en: `The unit reported at ${dated(data, 'at')}`,
  }),
  restated: said('Đính chính số liệu', 'Figures restated'),
  returned: (data) =>
    field(data, 'formOnly') === true
      ? { vi: 'Trả lại để sửa hình thức', en: 'Returned for its form only' }
      : { vi: 'Trả lại báo cáo để hoàn thiện', en: 'Returned to be mended' },
  excuse_asked: said('Đề nghị không phải báo cáo', 'Asked to be excused'),
  excused: said('Chấp nhận không phải báo cáo', 'Excused'),
  excuse_refused: said('Không chấp nhận miễn báo cáo', 'Not excused'),
  lapsed: (data) => LAPSES[text(data, 'reason')] ?? { vi: 'Hết hiệu lực', en: 'Lapsed' },
  urging_ended: (data) => ({
    vi: `Không đôn đốc nữa. ${LAPSES[text(data, 'reason')]?.vi ?? ''}`,
    en: `Urged no more. ${LAPSES[text(data, 'reason')]?.en ?? ''}`,
  }),
  calendar_changed: (data) => calendarChanged(data),
  outage_excused: (data) => outageExcused(data),
  judged: (data) =>
    field(data, 'state') === 'missing'
      ? { vi: 'Quá hạn mà chưa có báo cáo', en: 'Due, and no report has come' }
      : { vi: 'Báo cáo đến sau hạn', en: 'The report had come late' },
  steps_voided: said('Hủy hiệu lực các bước đôn đốc đã thực hiện', 'Steps taken meanwhile marked void'),
};

export const REGIME: WordsOf<RegimeEvent['type']> = {
  created: said('Lập chế độ báo cáo', 'Regime set up'),
  revised: said('Phiên bản mới của chế độ báo cáo', 'A new version of the regime'),
  period_opened: (data) => ({
    vi: `Mở kỳ ${text(data, 'period', 'key')}: ${text(data, 'count')} đơn vị`,
    en: `Period ${text(data, 'period', 'key')} opened: ${text(data, 'count')} units`,
  }),
  uncovered: (data) =>
    text(data, 'reason') === 'directive_withdrawn'
      ? {
          vi: 'Văn bản cuối cùng của chế độ báo cáo bị thu hồi',
          en: 'The last directive reported on was withdrawn',
        }
      : {
          vi: 'Văn bản cuối cùng của chế độ báo cáo đã kết thúc',
          en: 'The last directive reported on has closed',
        },
  covered: said(
    'Văn bản được mở lại, chế độ báo cáo tiếp tục',
    'A directive was opened again, and is reported on',
  ),
  ended: said('Kết thúc chế độ báo cáo', 'Regime ended'),
  calendar_changed: (data) => calendarApplied(data),
};
