import { DEFAULT_POLICY } from '../domain/policy.js';

/**
 * One body for each command that takes one, as the OpenAPI document shows it; a test holds each against its schema
 * and finds the command that has none. People, units and numbers are invented.
 */

const id = (last: number): string => `0197a3c0-1f00-7000-8000-${String(last).padStart(12, '0')}`;

const UNIT = id(11);
const OTHER_UNIT = id(12);
const PERSON = id(21);
const ASSIGNMENT = id(31);
const TASK = id(41);
const DIRECTIVE = id(51);
const CASE = id(61);
const FILE = id(71);

const NOTICE = { number: '214/TB-UBND', date: '2026-05-14', signer: 'Nguyễn Văn An' };
const LETTER = { number: '1893/STP-VP', date: '2026-06-22', arrivedAt: '2026-06-23T08:15:00+07:00' };
const WEEK_DAY = [
  { from: 450, to: 690 },
  { from: 810, to: 1050 },
];
const WEEK = [WEEK_DAY, WEEK_DAY, WEEK_DAY, WEEK_DAY, WEEK_DAY, [], []];

const TASK_INPUT = {
  code: 'II.3',
  title: 'Rà soát, chuẩn hoá dữ liệu hộ tịch từ năm 1990 đến nay',
  leadUnitIds: [UNIT],
  coordinatingUnitIds: [OTHER_UNIT],
  deadline: { phrase: 'trước 30/6/2026' },
  result: { kind: 'indicator', name: 'Số trường hợp đã chuẩn hoá', numerator: 120_000 },
};

const ofDirectives = {
  createDirective: {
    number: '05/KH-TCT',
    title: 'Kế hoạch hoạt động năm 2026 của Tổ công tác Đề án 06',
    documentDate: '2026-01-20',
    signer: 'Nguyễn Văn An',
    endsOn: '2026-12-31',
    tasks: [TASK_INPUT],
  },
  changeDirective: { title: 'Kế hoạch hoạt động năm 2026 (bản lấy ý kiến)' },
  checkDirective: {},
  issueDirective: {},
  withdrawDirective: { reason: 'Được thay thế bằng kế hoạch mới', document: NOTICE },
  closeDirective: { reason: 'Tổng kết năm 2026', carryOver: true },
  confirmDirectiveDocument: { number: '214/TB-UBND', documentDate: '2026-05-14', signer: 'Nguyễn Văn An' },
  correctDirective: { signer: 'Nguyễn Văn Bình', reason: 'Nhập sai người ký' },
  requestApproval: { note: 'Trình Tổ trưởng' },
  recallApproval: { note: 'Bổ sung nhiệm vụ' },
  approveDirective: {},
  returnDirective: { note: 'Làm rõ nhiệm vụ II.3' },
  previewAmendment: { tasks: [{ ...TASK_INPUT, id: TASK, deadline: { phrase: 'trước 31/7/2026' } }] },
  amendDirective: {
    tasks: [{ ...TASK_INPUT, id: TASK, deadline: { phrase: 'trước 31/7/2026' } }],
    document: NOTICE,
  },
  rehearseDirective: { issueAt: '2026-01-20T08:00:00+07:00', mostPerWeek: 5 },
};

const ofAssignments = {
  acknowledgeAssignment: { officerId: PERSON },
  contestAssignment: { reason: 'not_our_function', text: 'Nhiệm vụ thuộc chức năng của Công an tỉnh' },
  reportProgress: {
    text: 'Đã chuẩn hoá dữ liệu của 7 xã',
    percent: 62.5,
    figure: { numerator: 75_000, denominator: 120_000, asOf: '2026-05-31' },
  },
  submitResult: { text: 'Đã hoàn thành, có báo cáo kèm theo', files: [FILE], document: LETTER },
  recallResult: { reason: 'Số liệu của một xã còn thiếu' },
  stateCause: { cause: 'data', objective: true, text: 'Dữ liệu gốc chưa được bàn giao' },
  requestExtension: { deadline: 'trước 31/7/2026', reason: 'Chờ bàn giao dữ liệu', document: LETTER },
  raiseObstacle: { cause: 'technical', holderUnitId: OTHER_UNIT, text: 'Chưa mở kết nối tới kho dữ liệu' },
  askContribution: { unitId: OTHER_UNIT, deadline: 'trong 5 ngày làm việc', text: 'Số liệu dân cư theo xã' },
  confirmResult: { note: 'Đạt yêu cầu' },
  acceptPart: { share: 0.6, reason: 'Còn ba xã chưa hoàn thành' },
  returnResult: { reason: 'Thiếu biên bản nghiệm thu' },
  sendUrgingLetter: { document: { number: '77/CV-TCT', date: '2026-07-03', signer: 'Nguyễn Văn An' } },
  recordUrging: { channel: 'telephone', text: 'Đã gọi điện nhắc đồng chí Giám đốc' },
  answerContest: { answer: 'reassign', unitId: OTHER_UNIT, text: 'Đúng chức năng của đơn vị khác' },
  suspendAssignment: { reason: 'Chờ luật có hiệu lực', document: NOTICE },
  resumeAssignment: { deadline: 'trước 30/9/2026' },
  stopAssignment: { reason: 'Không còn phù hợp', document: NOTICE },
  reassignAssignment: { unitId: OTHER_UNIT, reason: 'Thay đổi chức năng, nhiệm vụ' },
  moveAssignment: { to: [{ unitId: OTHER_UNIT }], reason: 'Sáp nhập đơn vị hành chính' },
  carryOverAssignment: { intoDirectiveId: DIRECTIVE, reason: 'Chuyển sang kế hoạch năm 2027' },
  reopenAssignment: { deadline: 'trong 10 ngày làm việc', reason: 'Kết quả có sai sót' },
  adjustDeadline: { deadline: 'trước 15/8/2026', latenessStands: true, reason: 'Theo kết luận giao ban' },
  requestExplanation: { deadline: 'trong 3 ngày làm việc', text: 'Vì sao chưa triển khai' },
};

const ofMatters = {
  decideExtension: { decision: 'grant', deadline: 'trước 20/7/2026', reason: 'Đồng ý đến 20/7' },
  withdrawExtension: {},
  answerObstacle: { answer: 'accept', text: 'Ghi nhận vướng mắc' },
  withdrawObstacle: {},
  decideCause: { confirmed: true, text: 'Đúng là nguyên nhân khách quan' },
  answerContribution: { answer: 'give', text: 'Số liệu tại tệp kèm theo', files: [FILE] },
  answerExplanation: { text: 'Do thiếu nhân sự trong tháng 5' },
};

const ofCases = {
  objectToReferral: { text: 'Đơn vị đã nộp trước hạn bằng văn bản giấy', files: [FILE] },
  giveOpinion: { text: 'Văn bản đến sau thời hạn' },
  decideObjection: { decision: 'reject', text: 'Thời điểm đến là căn cứ' },
  releaseReferral: { document: { number: '88/CV-TCT', date: '2026-08-14', signer: 'Nguyễn Văn An' } },
  withdrawReferral: { reason: 'Đã được gia hạn' },
  requestSupplement: { text: 'Đề nghị bổ sung văn bản giao nhiệm vụ' },
  supplementReferral: { text: 'Văn bản giao nhiệm vụ kèm theo', files: [FILE] },
  acknowledgeReferral: { note: 'Đã tiếp nhận' },
  recordOutcome: { outcome: 'Đưa vào hồ sơ đánh giá cuối năm' },
  correctReferralFacts: { reason: 'Thời điểm đến của văn bản được sửa' },
  correctOutcome: { outcome: 'Nhắc nhở', reason: 'Sau khi xem lại hồ sơ' },
  releaseReferralList: { referralIds: [CASE], document: { number: '90/CV-TCT', date: '2026-08-14' } },
};

const ofReports = {
  submitReport: {
    text: 'Báo cáo tháng 5/2026',
    progress: [{ assignmentId: ASSIGNMENT, text: 'Đã chuẩn hoá 75.000 trường hợp', percent: 62.5 }],
    files: [FILE],
  },
  restateReport: {
    reason: 'Số liệu của một xã nhập thừa',
    progress: [{ assignmentId: ASSIGNMENT, text: 'Đã chuẩn hoá 74.200 trường hợp', percent: 61.8 }],
  },
  returnReport: { reason: 'Thiếu phụ lục số liệu', formOnly: false },
  askReportExcuse: { reason: 'Đơn vị bị ngập lụt' },
  excuseReport: { reason: 'Thiên tai' },
  refuseReportExcuse: { reason: 'Không thuộc trường hợp bất khả kháng' },
  createReportingRegime: {
    name: 'Báo cáo tháng Đề án 06',
    periodicity: { kind: 'monthly', closingDay: 14 },
    startsOn: '2026-01-01',
    levels: [
      { name: 'Xã', groupCodes: ['commune'], dueWorkingDays: 1 },
      { name: 'Sở', groupCodes: ['department'], dueWorkingDays: 2 },
    ],
  },
  reviseReportingRegime: {
    name: 'Báo cáo tháng Đề án 06',
    periodicity: { kind: 'monthly', closingDay: 'last' },
    startsOn: '2026-07-01',
    levels: [{ groupCodes: ['department'], dueWorkingDays: 2 }],
  },
  endReportingRegime: { reason: 'Thay bằng báo cáo quý' },
  requestReports: {
    name: 'Báo cáo nhanh về kết nối dữ liệu',
    deadline: 'trước 17 giờ 00 ngày 20/6/2026',
    unitIds: [UNIT],
  },
};

const { id: _id, version: _version, ...policy } = DEFAULT_POLICY;

const ofAdministrators = {
  changePolicy: { basedOn: 3, reason: 'Theo quy chế làm việc mới', policy },
  createUnit: { code: 'xa-tan-lap', name: 'Xã Tân Lập', groupCode: 'commune' },
  editWorkingGroup: { name: 'Tổ công tác Đề án 06 tỉnh An Hòa', nameEn: 'Project 06 Working Group' },
  editUnit: { name: 'Xã Tân Lập Đông' },
  beginHeadTerm: { person: { name: 'Trần Thị Bích' }, validFrom: '2026-07-01' },
  planReorganisation: {
    kind: 'merge',
    effectiveOn: '2026-07-01',
    document: { number: '1656/NQ-UBTVQH15', date: '2026-06-16' },
    reason: 'Sắp xếp đơn vị hành chính cấp xã',
    fromUnitIds: [UNIT],
    toUnitIds: [ASSIGNMENT],
  },
  allotAssignments: { items: [{ assignmentId: ASSIGNMENT, unitId: UNIT }] },
  createPerson: { name: 'Lê Văn Cường', login: 'le.van.cuong@tinh.gov.vn', locale: 'vi' },
  editPerson: { email: 'le.van.cuong@tinh.gov.vn' },
  giveGrant: { personId: PERSON, role: 'unit', unitId: UNIT, validFrom: '2026-07-01T00:00:00+07:00' },
  endGrant: { at: '2026-12-31T17:00:00+07:00' },
  createCalendar: {
    id: 'trung-tam-hanh-chinh-cong',
    basedOn: 'office-hours',
    reason: 'Làm việc cả sáng thứ Bảy',
    source: '12/QĐ-UBND',
  },
  editCalendarWeek: { week: WEEK, reason: 'Giờ làm việc mùa hè', source: '44/QĐ-UBND' },
  editCalendarDays: {
    days: [
      {
        date: '2026-04-27',
        kind: 'swap_off',
        intervals: [],
        name: 'Nghỉ hoán đổi',
        source: '8751/BNV',
      },
    ],
    reason: 'Lịch nghỉ lễ 2026',
    source: '8751/BNV',
  },
  changeCalendarUse: { unitId: UNIT, reason: 'Đơn vị một cửa', source: '12/QĐ-UBND' },
};

const ofOffices = {
  makeToken: { label: 'Phần mềm e-office', scopes: ['read'], expiresAt: '2027-01-01T00:00:00+07:00' },
  previewDeadline: { phrase: 'trong 5 ngày làm việc', reference: '2026-06-12T16:40:00+07:00' },
  startImport: {
    number: '05/KH-TCT',
    title: 'Kế hoạch năm 2026',
    rows: [{ title: 'Rà soát dữ liệu hộ tịch', lead: 'Sở Tư pháp', deadline: 'trước 30/6/2026' }],
  },
  answerImport: { choices: { units: { 'Sở TT&TT': { units: [UNIT] } } } },
  applyImport: { choices: { keepUnclear: true } },
  destroyText: {
    subject: { kind: 'assignment', id: ASSIGNMENT },
    seq: 4,
    reason: 'Chứa thông tin cá nhân đăng nhầm',
    files: true,
  },
  createWebhook: {
    label: 'Trục liên thông',
    url: 'https://lienthong.example.vn/dondoc',
    types: ['assignment'],
  },
  editWebhook: { types: ['assignment.submitted', 'referral'] },
};

/** By the operation's id. */
export const REQUEST_EXAMPLES: Readonly<Record<string, object>> = {
  ...ofDirectives,
  ...ofAssignments,
  ...ofMatters,
  ...ofCases,
  ...ofReports,
  ...ofAdministrators,
  ...ofOffices,
};

/** What an operation answers, for those that are asked first by whoever writes a client. */
export const ANSWER_EXAMPLES: Readonly<Record<string, object>> = {
  getMe: {
    person: { id: PERSON, name: 'Lê Văn Cường', email: 'le.van.cuong@tinh.gov.vn', locale: 'vi' },
    grants: [],
    acting: null,
  },
  previewDeadline: {
    phrase: 'trong 5 ngày làm việc',
    understood: true,
    rule: { kind: 'count', value: 5, unit: 'wd' },
    at: '2026-06-19T10:00:00.000Z',
    explanation: '5 ngày làm việc kể từ ngày 12/6/2026, hết giờ làm việc ngày 19/6/2026',
    skipped: [{ date: '2026-06-13', why: 'Thứ Bảy' }],
    provisional: false,
    calendar: { id: 'office-hours', version: 4 },
    finding: null,
  },
};

export const PROBLEM_EXAMPLE = {
  type: '/problems/invalid_body',
  title: 'Nội dung yêu cầu không hợp lệ',
  status: 400,
  detail: 'Một trường không hợp lệ.',
  code: 'invalid_body',
  traceId: '284b16122705965077132d7376a83791',
  errors: [{ pointer: '/deadline', code: 'required', detail: 'Phải có.' }],
};
