import { DAY } from '../../src/domain/instant.js';
import type { Operation } from '../../src/domain/permission/table.js';
import type { GroupWorld, Objects } from './matrix-world.js';

const TEXT = { text: 'Nội dung' };
const REASON = { reason: 'Có lý do' };
const LATER = { deadline: 'within 10 days' };
const WHY = { ...REASON, source: '1/QĐ' };
const WEEK = Array.from({ length: 7 }, () => [{ from: 480, to: 1020 }]);
/** Of nobody and nothing. */
const NONE = '01890000-0000-7000-8000-000000000001';
const FAR = new Date(Date.now() + 200 * DAY).toISOString();

/** Of drafts and directives. */
const ofDirectives = {
  createDirective: { number: '9/KH', title: 'Kế hoạch', tasks: [] },
  changeDirective: { title: 'Kế hoạch khác' },
  deleteDirective: undefined,
  checkDirective: {},
  rehearseDirective: {},
  issueDirective: {},
  withdrawDirective: REASON,
  closeDirective: { ...REASON, carryOver: true },
  confirmDirectiveDocument: { number: '9/KH', documentDate: '2025-01-06' },
  correctDirective: { ...REASON, number: '9/KH' },
  requestApproval: {},
  recallApproval: {},
  approveDirective: {},
  returnDirective: {},
  previewAmendment: { title: 'Kế hoạch sửa đổi' },
  amendDirective: { title: 'Kế hoạch sửa đổi' },
};

/** Of what stands at an assignment, and of cases. */
const ofMattersAndCases = {
  decideExtension: { decision: 'grant', ...REASON },
  withdrawExtension: {},
  answerObstacle: { answer: 'accept', ...TEXT },
  withdrawObstacle: {},
  decideCause: { confirmed: true, ...TEXT },
  answerContribution: { answer: 'give', ...TEXT },
  answerExplanation: TEXT,
  acknowledgeEscalation: undefined,
  readMessage: undefined,
  sendDeadLetter: undefined,
  objectToReferral: TEXT,
  giveOpinion: TEXT,
  decideObjection: { decision: 'uphold', ...TEXT },
  releaseReferral: { document: { number: '9/CV', date: '2026-02-10' } },
  withdrawReferral: REASON,
  requestSupplement: TEXT,
  supplementReferral: TEXT,
  acknowledgeReferral: {},
  recordOutcome: { outcome: 'Nhắc nhở' },
  correctOutcome: { outcome: 'Nhắc nhở', ...REASON },
  correctReferralFacts: REASON,
  releaseReferralList: { referralIds: [NONE], document: { number: '9/CV', date: '2026-02-10' } },
};

const ofAssignments = ({ units }: GroupWorld['group']) => ({
  acknowledgeAssignment: {},
  contestAssignment: { reason: 'not_our_function', ...TEXT },
  reportProgress: TEXT,
  submitResult: TEXT,
  recallResult: REASON,
  stateCause: { cause: 'data', objective: true, ...TEXT },
  requestExtension: { ...LATER, ...REASON },
  raiseObstacle: { cause: 'data', ...TEXT },
  askContribution: { unitId: units.health, ...LATER, ...TEXT },
  confirmResult: {},
  acceptPart: { share: 0.5, ...REASON },
  returnResult: REASON,
  recordUrging: { channel: 'telephone', ...TEXT },
  sendUrgingLetter: {},
  answerContest: { answer: 'reject', ...TEXT },
  suspendAssignment: REASON,
  resumeAssignment: LATER,
  stopAssignment: REASON,
  reassignAssignment: { unitId: units.communeA, ...REASON },
  moveAssignment: { to: [{ unitId: units.communeA }], ...REASON },
  carryOverAssignment: REASON,
  reopenAssignment: { ...LATER, ...REASON },
  adjustDeadline: { ...LATER, ...REASON, latenessStands: true },
  requestExplanation: { ...LATER, ...TEXT },
});

const ofReports = ({ units }: GroupWorld['group'], objects: Objects) => {
  const regime = {
    name: 'Báo cáo tháng',
    periodicity: { kind: 'monthly' },
    startsOn: '2026-01-01',
    levels: [{ unitIds: [units.justice] }],
  };
  return {
    submitReport: TEXT,
    restateReport: { ...REASON, progress: [{ assignmentId: objects.assignments, ...TEXT, percent: 5 }] },
    returnReport: { ...REASON, formOnly: true },
    askReportExcuse: REASON,
    excuseReport: REASON,
    refuseReportExcuse: REASON,
    createReportingRegime: regime,
    reviseReportingRegime: regime,
    endReportingRegime: REASON,
    requestReports: { name: 'Báo cáo nhanh', ...LATER, unitIds: [units.justice] },
  };
};

const ofOffices = {
  startImport: { rows: [{ title: 'Rà soát', lead: 'Sở Tư pháp' }] },
  answerImport: { title: 'Kế hoạch' },
  applyImport: {},
  uploadFile: undefined,
  createWebhook: { label: 'Nơi nhận', url: 'https://hook.example.test/y' },
  editWebhook: { label: 'Nơi nhận khác' },
  removeWebhook: undefined,
  rotateWebhookSecret: undefined,
  resendWebhookDelivery: undefined,
  makeToken: { label: 'Máy', scopes: ['read'], expiresAt: FAR },
  revokeToken: undefined,
  endSession: undefined,
};

const ofAdministrators = ({ units, code, policy }: GroupWorld['group'], objects: Objects) => {
  const { id: _id, version: _version, ...body } = policy;
  return {
    createUnit: { code: `new-${code}`, name: 'Đơn vị mới', groupCode: 'commune' },
    editUnit: { name: 'Tên khác' },
    editWorkingGroup: { name: 'Tổ công tác khác' },
    beginHeadTerm: { person: { name: 'Người đứng đầu mới' }, validFrom: '2026-01-01' },
    changePolicy: { basedOn: 1, reason: 'Sửa', policy: body },
    createCalendar: { id: `other-${code}`, basedOn: 'office-hours', ...WHY },
    editCalendarWeek: { week: WEEK, ...WHY },
    editCalendarDays: { years: [2027], ...WHY },
    changeCalendarUse: { unitId: units.communeC, ...WHY },
    previewDeadline: { phrase: 'within 5 days' },
    planReorganisation: {
      ...{ kind: 'merge', effectiveOn: FAR.slice(0, 10), document: { number: '9/NQ', date: '2026-01-01' } },
      ...{ reason: 'Sáp nhập', fromUnitIds: [units.communeC], toUnitIds: [units.communeA] },
    },
    cancelReorganisation: undefined,
    allotAssignments: { items: [{ assignmentId: objects.assignments, unitId: units.communeA }] },
    createPerson: { name: 'Người mới' },
    editPerson: { name: 'Tên khác' },
    makeSetupCode: undefined,
    endSessions: undefined,
    giveGrant: { personId: objects.people, role: 'unit', unitId: units.communeC },
    endGrant: {},
  };
};

/** A body that each command takes; undefined for those that take none, or a file. */
export function commandBodies({
  group,
  lead,
}: GroupWorld): Readonly<Partial<Record<Operation, object | undefined>>> {
  return {
    ...ofDirectives,
    ...ofAssignments(group),
    ...ofMattersAndCases,
    ...ofReports(group, lead),
    destroyText: { subject: { kind: 'assignment', id: lead.assignments }, seq: 1, ...REASON },
    ...ofOffices,
    ...ofAdministrators(group, lead),
  };
}
