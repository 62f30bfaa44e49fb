import type { Role } from '../../domain/actor.js';
import type { AssignmentEventType } from '../../domain/assignment/events.js';
import type { DirectiveEvent } from '../../domain/directive/events.js';
import type { Bilingual } from '../../domain/errors.js';
import type { SubjectNote } from '../../domain/note.js';
import { stepName } from '../../domain/policy.js';
import type { ReferralEvent } from '../../domain/referral/events.js';
import {
  calendarApplied,
  calendarChanged,
  correctionsOf,
  dated,
  field,
  outageExcused,
  said,
  text,
  type Words,
  type WordsOf,
} from './words-common.js';
import { OBLIGATION, REGIME } from './words-reporting.js';

const CHANNELS: Readonly<Record<string, Bilingual>> = {
  telephone: { vi: 'điện thoại', en: 'by telephone' },
  chat: { vi: 'tin nhắn', en: 'by message' },
  meeting: { vi: 'tại cuộc họp', en: 'at a meeting' },
  letter: { vi: 'văn bản', en: 'by letter' },
  system: { vi: 'qua hệ thống', en: 'through the system' },
};

const DIRECTIVE: WordsOf<DirectiveEvent['type']> = {
  drafted: said('Soạn dự thảo', 'Drafted'),
  revised: said('Sửa dự thảo', 'Draft revised'),
  approval_requested: said('Trình phê duyệt', 'Submitted for approval'),
  approval_returned: said('Trả lại dự thảo', 'Draft returned'),
  approval_recalled: said('Rút lại dự thảo để sửa', 'Recalled from approval'),
  approved: said('Đã phê duyệt', 'Approved'),
  issued: (data) => ({
    vi: `Ban hành phiên bản ${text(data, 'version')}: ${text(data, 'planned')} nhiệm vụ giao, ${text(data, 'unclear')} dòng chưa rõ`,
    en: `Issued as version ${text(data, 'version')}: ${text(data, 'planned')} assignments, ${text(data, 'unclear')} unclear rows`,
  }),
  amended: (data) => ({
    vi: `Sửa đổi thành phiên bản ${text(data, 'version')}`,
    en: `Amended as version ${text(data, 'version')}`,
  }),
  corrected: (data) => {
    const said = correctionsOf(data);
    return { vi: `Đính chính: ${said}`, en: `Erratum: ${said}` };
  },
  document_confirmed: (data) => ({
    vi: `Văn bản xác nhận: số ${text(data, 'number')} ngày ${text(data, 'documentDate')}`,
    en: `Confirming document: ${text(data, 'number')} of ${text(data, 'documentDate')}`,
  }),
  assignments_made: (data) => ({
    vi: `Đã giao ${text(data, 'count')} nhiệm vụ (tổng ${text(data, 'assigned')})`,
    en: `${text(data, 'count')} assignments made (${text(data, 'assigned')} in all)`,
  }),
  withdrawn: said('Thu hồi văn bản', 'Withdrawn'),
  closed: (data) =>
    field(data, 'by') === 'decision'
      ? { vi: 'Kết thúc theo quyết định', en: 'Closed by decision' }
      : { vi: 'Kết thúc: mọi nhiệm vụ đã kết thúc', en: 'Closed: every assignment has ended' },
  reopened: said('Mở lại văn bản', 'Reopened'),
  deleted: said('Xóa dự thảo', 'Draft deleted'),
  calendar_changed: (data) => calendarApplied(data),
};

const ASSIGNMENT: WordsOf<AssignmentEventType> = {
  assigned: (data) =>
    typeof field(data, 'dueAt') === 'number'
      ? { vi: `Giao nhiệm vụ, hạn ${dated(data, 'dueAt')}`, en: `Assigned, due ${dated(data, 'dueAt')}` }
      : { vi: 'Giao nhiệm vụ thường xuyên', en: 'Assigned as a regular task' },
  revised: said('Sửa theo văn bản sửa đổi', 'Revised by an amendment'),
  acknowledged: said('Đã tiếp nhận', 'Acknowledged'),
  contested: said('Đề nghị xem lại việc giao', 'Assignment contested'),
  contest_answered: (data) =>
    field(data, 'answer') === 'upheld'
      ? { vi: 'Chấp nhận đề nghị xem lại việc giao', en: 'Contest upheld' }
      : { vi: 'Không chấp nhận đề nghị xem lại việc giao', en: 'Contest rejected' },
  reported: (data) =>
    typeof field(data, 'percent') === 'number'
      ? {
          vi: `Báo cáo tiến độ: ${text(data, 'percent')} %`,
          en: `Progress reported: ${text(data, 'percent')} %`,
        }
      : { vi: 'Báo cáo tiến độ', en: 'Progress reported' },
  submitted: (data) =>
    field(data, 'submission', 'late') === true
      ? { vi: 'Nộp kết quả (quá hạn)', en: 'Result submitted (late)' }
      : { vi: 'Nộp kết quả (đúng hạn)', en: 'Result submitted (on time)' },
  recalled: said('Rút lại kết quả đã nộp', 'Submission recalled'),
  confirmed: (data) =>
    field(data, 'late') === true
      ? {
          vi: `Xác nhận hoàn thành quá hạn, tính đến ${dated(data, 'judgedAt')}`,
          en: `Confirmed as late, judged at ${dated(data, 'judgedAt')}`,
        }
      : {
          vi: `Xác nhận hoàn thành đúng hạn, tính đến ${dated(data, 'judgedAt')}`,
          en: `Confirmed as on time, judged at ${dated(data, 'judgedAt')}`,
        },
  part_accepted: (data) => ({
    vi: `Chấp nhận một phần (${text(data, 'share')}), thời hạn hoàn thiện ${dated(data, 'mend', 'until')}`,
    en: `A part accepted (${text(data, 'share')}), to be completed by ${dated(data, 'mend', 'until')}`,
  }),
  returned: (data) => ({
    vi: `Trả lại để hoàn thiện trước ${dated(data, 'mend', 'until')}`,
    en: `Returned, to be mended by ${dated(data, 'mend', 'until')}`,
  }),
  suspended: said('Tạm dừng', 'Suspended'),
  resumed: (data) => ({
    vi: `Tiếp tục, hạn ${dated(data, 'dueAt')}`,
    en: `Resumed, due ${dated(data, 'dueAt')}`,
  }),
  document_confirmed: (data) => ({
    vi: `Đã có văn bản xác nhận; hạn ${dated(data, 'deadline', 'at')}`,
    en: `Confirmed by a document; due ${dated(data, 'deadline', 'at')}`,
  }),
  taken_over: said(
    'Tiếp nhận nhiệm vụ đang thực hiện cùng quá trình trước đó',
    'Taken over with its past; followed from here on',
  ),
  moved_settled: (data) =>
    field(data, 'answer') === 'accepted' || field(data, 'answer') === 'granted'
      ? {
          vi: 'Việc đã chuyển theo được chấp thuận ở đơn vị kế thừa: tính cho đơn vị cũ',
          en: 'What went along was accepted where it went, and counts for the former lead',
        }
      : {
          vi: 'Việc đã chuyển theo được giải quyết ở đơn vị kế thừa',
          en: 'What went along was settled where it went',
        },
  stopped: said('Dừng thực hiện', 'Stopped'),
  superseded: said('Chuyển cho đơn vị chủ trì khác', 'Moved to another lead unit'),
  carried_over: said('Chuyển sang năm sau', 'Carried over'),
  concluded: said('Kết thúc nhiệm vụ thường xuyên', 'Regular task concluded'),
  reopened: (data) => ({
    vi: `Mở lại, hạn mới ${dated(data, 'deadline', 'at')}`,
    en: `Reopened, new deadline ${dated(data, 'deadline', 'at')}`,
  }),
  deadline_adjusted: (data) => ({
    vi: `Điều chỉnh thời hạn thành ${dated(data, 'deadline', 'at')}${field(data, 'latenessStands') === true ? '; phần quá hạn trước đó vẫn tính' : ''}`,
    en: `Deadline adjusted to ${dated(data, 'deadline', 'at')}${field(data, 'latenessStands') === true ? '; lateness so far stands' : ''}`,
  }),
  extension_requested: (data) => ({
    vi: `Xin gia hạn đến ${dated(data, 'askedFor')}${field(data, 'inTime') === false ? ' (xin sau hạn)' : ''}`,
    en: `Extension asked to ${dated(data, 'askedFor')}${field(data, 'inTime') === false ? ' (asked after the deadline)' : ''}`,
  }),
  extension_withdrawn: said('Rút đề nghị gia hạn', 'Extension request withdrawn'),
  extension_decided: (data) =>
    field(data, 'granted') === true
      ? {
          vi: `Cho gia hạn đến ${dated(data, 'deadline', 'at')}`,
          en: `Extension granted to ${dated(data, 'deadline', 'at')}`,
        }
      : { vi: 'Không cho gia hạn', en: 'Extension refused' },
  obstacle_raised: said('Nêu vướng mắc', 'Obstacle raised'),
  obstacle_answered: (data) => ({
    vi: `Trả lời vướng mắc: ${text(data, 'answer')}`,
    en: `Obstacle ${text(data, 'answer')}`,
  }),
  cause_stated: said('Nêu nguyên nhân quá hạn', 'Cause of lateness stated'),
  cause_decided: (data) =>
    field(data, 'confirmed') === true
      ? { vi: 'Xác nhận nguyên nhân khách quan', en: 'Cause confirmed as objective' }
      : { vi: 'Không xác nhận nguyên nhân khách quan', en: 'Cause not accepted as objective' },
  contribution_asked: (data) => ({
    vi: `Đề nghị phối hợp trước ${dated(data, 'dueAt')}`,
    en: `Contribution asked by ${dated(data, 'dueAt')}`,
  }),
  contribution_answered: (data) =>
    field(data, 'state') === 'declined'
      ? { vi: 'Từ chối phối hợp', en: 'Contribution declined' }
      : { vi: 'Đã phối hợp', en: 'Contribution given' },
  explanation_asked: (data) => ({
    vi: `Yêu cầu giải trình trước ${dated(data, 'dueAt')}`,
    en: `Explanation asked by ${dated(data, 'dueAt')}`,
  }),
  explanation_answered: said('Đã giải trình', 'Explanation given'),
  calendar_changed: (data) => calendarChanged(data),
  outage_excused: (data) => outageExcused(data),
  urged: (data) => {
    const { vi, en } = CHANNELS[text(data, 'channel')] ?? {
      vi: text(data, 'channel'),
      en: text(data, 'channel'),
    };
    return { vi: `Đôn đốc (${vi})`, en: `Urged (${en})` };
  },
  letter_sent: (data) => ({
    vi: `Gửi văn bản đôn đốc số ${text(data, 'number')} ngày ${text(data, 'date')}`,
    en: `Urging letter ${text(data, 'number')} of ${text(data, 'date')} sent`,
  }),
  steps_voided: said('Hủy hiệu lực các bước đôn đốc đã thực hiện', 'Steps taken meanwhile marked void'),
};

const WITHDRAWALS: Readonly<Record<string, Bilingual>> = {
  no_longer_late: { vi: 'Rút hồ sơ: không còn quá hạn', en: 'Withdrawn: no longer late' },
  too_early: {
    vi: 'Rút hồ sơ: tính lại thì chưa đến bước đề xuất',
    en: 'Withdrawn: counted again, it had been proposed too early',
  },
};

const REFERRAL: WordsOf<ReferralEvent['type']> = {
  proposed: (data) => ({
    vi: `Đề xuất chuyển hồ sơ; đơn vị được phản hồi đến ${dated(data, 'windowEndsAt')}`,
    en: `Referral proposed; the unit may object until ${dated(data, 'windowEndsAt')}`,
  }),
  objected: said('Đơn vị phản đối', 'The unit objected'),
  opinion_given: said('Cơ quan thường trực cho ý kiến', 'The standing agency gave its opinion'),
  objection_decided: (data) =>
    field(data, 'upheld') === true
      ? { vi: 'Chấp nhận phản đối; hồ sơ chấm dứt', en: 'Objection upheld; the case ends' }
      : { vi: 'Không chấp nhận phản đối', en: 'Objection rejected' },
  facts_renewed: (data) => ({
    vi: `Dữ kiện thay đổi: lập lại, phản hồi đến ${dated(data, 'windowEndsAt')}`,
    en: `The facts changed: frozen anew, objection until ${dated(data, 'windowEndsAt')}`,
  }),
  release_awaited: said('Chờ văn bản ký để chuyển', 'Waits for the signed letter'),
  referred: said('Chuyển Sở Nội vụ', 'Referred to Home Affairs'),
  supplement_requested: said('Sở Nội vụ yêu cầu bổ sung', 'Home Affairs asked for a supplement'),
  supplemented: said('Đã bổ sung hồ sơ', 'Supplemented'),
  acknowledged: said('Sở Nội vụ đã tiếp nhận', 'Acknowledged by Home Affairs'),
  outcome_recorded: (data) => ({
    vi: `Kết quả xử lý: ${text(data, 'outcome')}`,
    en: `Outcome recorded: ${text(data, 'outcome')}`,
  }),
  facts_corrected: said('Đính chính dữ kiện bằng văn bản riêng', 'Facts corrected by a document of its own'),
  outcome_corrected: (data) => ({
    vi: `Đính chính kết quả: ${text(data, 'outcome')}`,
    en: `Outcome corrected: ${text(data, 'outcome')}`,
  }),
  withdrawn: (data) =>
    WITHDRAWALS[text(data, 'reason')] ?? { vi: 'Rút hồ sơ theo quyết định', en: 'Withdrawn by decision' },
  held: said('Tạm giữ: còn việc chưa quyết định', 'Held: something is undecided'),
  unheld: said('Hết tạm giữ', 'No longer held'),
  lapsed: said('Hồ sơ hết hiệu lực', 'Lapsed'),
  calendar_changed: (data) =>
    field(data, 'windowEndsAt') === field(data, 'previous', 'windowEndsAt')
      ? {
          vi: 'Lịch làm việc được sửa: thời gian trả lời đã thông báo được giữ nguyên',
          en: 'The calendar was edited: the time to answer stays as it was told',
        }
      : {
          vi: `Lịch làm việc được sửa: thời hạn phản hồi chuyển từ ${dated(data, 'previous', 'windowEndsAt')} sang ${dated(data, 'windowEndsAt')}`,
          en: `The calendar was edited: the time to object moved from ${dated(data, 'previous', 'windowEndsAt')} to ${dated(data, 'windowEndsAt')}`,
        },
  outage_excused: (data) => ({
    vi: `Hệ thống gián đoạn từ ${dated(data, 'from')} đến ${dated(data, 'to')}: thời hạn phản hồi chuyển từ ${dated(data, 'previous', 'windowEndsAt')} sang ${dated(data, 'windowEndsAt')}`,
    en: `Commands could not be accepted from ${dated(data, 'from')} to ${dated(data, 'to')}: the time to object moved from ${dated(data, 'previous', 'windowEndsAt')} to ${dated(data, 'windowEndsAt')}`,
  }),
};

/** What Home Affairs does; in a case against itself the supervisor does it. */
const BY_SUPERVISOR: Readonly<Record<string, Words>> = {
  supplement_requested: said(
    'Lãnh đạo Tổ công tác yêu cầu bổ sung',
    'The head of the Working Group asked for a supplement',
  ),
  acknowledged: said('Lãnh đạo Tổ công tác đã tiếp nhận', 'Acknowledged by the head of the Working Group'),
};

/** Clocks of those who must answer, by the step's name; a rung of the ladder keeps the name its policy gives it. */
const CLOCKS: Readonly<Record<string, Bilingual>> = {
  acknowledgement: { vi: 'quá thời gian tiếp nhận', en: 'time to acknowledge run out' },
  confirmation: { vi: 'quá thời gian xác nhận kết quả', en: 'time to confirm a result run out' },
  contest: { vi: 'quá thời gian trả lời đề nghị xem lại', en: 'time to answer a contest run out' },
  extension: { vi: 'quá thời gian trả lời gia hạn', en: 'time to answer an extension run out' },
  obstacle: { vi: 'quá thời gian trả lời vướng mắc', en: 'time to answer an obstacle run out' },
  cause: { vi: 'quá thời gian xem xét nguyên nhân', en: 'time to decide a cause run out' },
  contribution: { vi: 'quá thời gian phối hợp', en: 'time to contribute run out' },
  explanation: { vi: 'quá thời gian giải trình', en: 'time to explain run out' },
  conclusion: { vi: 'đến ngày kết thúc', en: 'end date reached' },
  letter: { vi: 'quá thời gian ký văn bản đôn đốc', en: 'time to sign the urging letter run out' },
  decision: { vi: 'quá thời gian quyết định', en: 'time to decide run out' },
  acknowledge: { vi: 'quá thời gian tiếp nhận hồ sơ', en: 'time to acknowledge a case run out' },
  referred: { vi: 'chuyển Sở Nội vụ', en: 'referred to Home Affairs' },
  correction: { vi: 'dữ kiện đã chuyển cần đính chính', en: 'facts that were sent are to be corrected' },
  release_awaited: { vi: 'chờ văn bản ký để chuyển', en: 'waits for the signed letter' },
  unclear: { vi: 'quá thời gian làm rõ', en: 'time to clear unclear rows run out' },
};

/** A step in words: never with the id of what it is about. */
export function stepWords(step: string): Bilingual {
  const { name } = stepName(step);
  return CLOCKS[name] ?? { vi: name, en: name };
}

const STEP: Words = (data) => {
  const step = stepWords(text(data, 'step'));
  return {
    vi: `Thực hiện bước «${step.vi}», dự kiến ${dated(data, 'plannedAt')}`,
    en: `Step "${step.en}" taken, planned for ${dated(data, 'plannedAt')}`,
  };
};

/** Of every kind of subject alike. */
const NOTES: Readonly<Record<SubjectNote['type'], Words>> = {
  step_acknowledged: (data) => {
    const step = stepWords(text(data, 'step'));
    return {
      vi: `Xác nhận đã nhận thông báo của bước «${step.vi}»`,
      en: `The message of step "${step.en}" was acknowledged`,
    };
  },
  text_destroyed: (data) => ({
    vi: `Hủy nội dung của sự kiện ${text(data, 'seq')} theo quyết định`,
    en: `Text of event ${text(data, 'seq')} destroyed by decision`,
  }),
};

type SubjectName = 'directive' | 'assignment' | 'referral' | 'obligation' | 'regime';

const WORDS: Readonly<Record<SubjectName, Readonly<Record<string, Words>>>> = {
  obligation: { ...OBLIGATION, ...NOTES },
  regime: { ...REGIME, ...NOTES },
  directive: { ...DIRECTIVE, ...NOTES },
  assignment: { ...ASSIGNMENT, ...NOTES },
  referral: { ...REFERRAL, ...NOTES },
};

/** Every type by which events can be asked for: a kind of subject, or one of its events. */
export const EVENT_TYPES: readonly string[] = Object.entries(WORDS).flatMap(([kind, words]) => [
  kind,
  ...Object.keys(words).map((type) => `${kind}.${type}`),
]);

/** What happened, in one sentence; an event nobody has words for yet shows its type. */
export function eventWords(
  kind: keyof typeof WORDS,
  type: string,
  data: Readonly<Record<string, unknown>>,
  role: Role | null = null,
): Bilingual {
  if (type === 'step_taken') return STEP(data);
  const supervised = kind === 'referral' && role === 'supervisor' ? BY_SUPERVISOR[type] : undefined;
  if (supervised !== undefined) return supervised(data);
  return WORDS[kind][type]?.(data) ?? { vi: type, en: type };
}
