import type { Permission } from './relation.js';
import {
  ADDRESSED,
  ADMINISTRATOR,
  AGENCY,
  ANSWERING,
  ATTACHED,
  assignmentAct,
  CASES,
  COUNTED,
  DIRECTORY,
  directiveAct,
  FOLLOWED,
  HISTORY,
  MATTERS,
  OWN_GROUP,
  OWN_OFFICE,
  REPORTED,
  REPORTS,
  reads,
  referralAct,
  reportAct,
  WITH_WORK,
  WORK,
  writes,
} from './rows.js';

/**
 * The one policy table: every operation of the API, with the roles that may call it and the relation in which they
 * must stand to what it is about. What has no row is denied: its route does not even load. `docs/permissions.md`
 * shows it written out; `test/http/matrix.md` shows what the API answers to each role in each relation.
 */
export const PERMISSIONS = {
  // ── oneself ──
  getMe: reads('signed_in'),
  listTokens: reads('signed_in'),
  makeToken: writes('signed_in', 'admin'),
  revokeToken: writes('signed_in', 'admin'),
  listSessions: reads('signed_in'),
  endSession: writes('signed_in', 'admin'),

  // ── directives ──
  listDirectives: reads(WORK),
  getDirective: reads(WORK),
  listDirectiveAssignments: reads(WORK),
  getDirectiveTimeline: reads(WORK),
  getDirectiveSummary: reads(WORK),
  createDirective: directiveAct('edit'),
  changeDirective: directiveAct('edit'),
  deleteDirective: directiveAct('delete'),
  checkDirective: writes({ standing_agency: ['own_group'], supervisor: ['own_group'] }),
  rehearseDirective: writes({ standing_agency: ['own_group'], supervisor: ['own_group'] }),
  issueDirective: directiveAct('issue'),
  withdrawDirective: directiveAct('withdraw'),
  closeDirective: directiveAct('close'),
  confirmDirectiveDocument: directiveAct('confirm_document'),
  correctDirective: directiveAct('correct'),
  requestApproval: directiveAct('request_approval'),
  recallApproval: directiveAct('recall'),
  approveDirective: directiveAct('approve'),
  returnDirective: directiveAct('return'),
  previewAmendment: directiveAct('amend'),
  amendDirective: directiveAct('amend'),

  // ── plans that come in ──
  startImport: writes(AGENCY),
  getImportTemplate: reads({ standing_agency: ['own_group'], supervisor: ['own_group'] }),
  getImport: reads({ standing_agency: ['own_group'], supervisor: ['own_group'] }),
  answerImport: writes(AGENCY),
  applyImport: writes(AGENCY),

  // ── assignments ──
  listAssignments: reads(WORK),
  getDeadlineFeed: reads(WORK),
  getAssignment: reads(WORK),
  getAssignmentTimeline: reads(HISTORY),
  getAssignmentDeadline: reads(WORK),
  acknowledgeAssignment: assignmentAct('acknowledge'),
  contestAssignment: assignmentAct('contest'),
  reportProgress: assignmentAct('report'),
  submitResult: assignmentAct('submit'),
  recallResult: assignmentAct('recall'),
  stateCause: assignmentAct('state_cause'),
  requestExtension: assignmentAct('request_extension'),
  raiseObstacle: assignmentAct('raise_obstacle'),
  askContribution: assignmentAct('ask_contribution'),
  confirmResult: assignmentAct('confirm'),
  acceptPart: assignmentAct('accept_part'),
  returnResult: assignmentAct('return'),
  recordUrging: assignmentAct('urge'),
  sendUrgingLetter: assignmentAct('send_letter'),
  answerContest: assignmentAct('answer_contest'),
  suspendAssignment: assignmentAct('suspend'),
  resumeAssignment: assignmentAct('resume'),
  stopAssignment: assignmentAct('stop'),
  reassignAssignment: assignmentAct('reassign'),
  moveAssignment: assignmentAct('move'),
  carryOverAssignment: assignmentAct('carry_over'),
  reopenAssignment: assignmentAct('reopen'),
  adjustDeadline: assignmentAct('adjust_deadline'),
  requestExplanation: assignmentAct('request_explanation'),

  // ── what an assignment carries ──
  listExtensions: reads(WORK),
  listObstacles: reads(MATTERS),
  listContributions: reads(WORK),
  countContributions: reads(ANSWERING),
  decideExtension: assignmentAct('decide_extension'),
  withdrawExtension: assignmentAct('withdraw_extension'),
  answerObstacle: assignmentAct('answer_obstacle'),
  withdrawObstacle: assignmentAct('withdraw_obstacle'),
  decideCause: assignmentAct('decide_cause'),
  answerContribution: assignmentAct('answer_contribution'),
  answerExplanation: assignmentAct('answer_explanation'),

  // ── escalation ──
  listEscalations: reads(HISTORY),
  getEscalation: reads(HISTORY),
  acknowledgeEscalation: writes({ unit: ['own_unit'] }),

  // ── messages ──
  listMessages: reads(ADDRESSED),
  readMessage: writes(ADDRESSED),

  listDeadLetters: reads(ADMINISTRATOR),
  sendDeadLetter: writes(ADMINISTRATOR, 'admin'),

  // ── cases to Home Affairs ──
  listReferrals: reads(CASES),
  getReferral: reads(CASES),
  objectToReferral: referralAct('object'),
  giveOpinion: referralAct('give_opinion'),
  decideObjection: referralAct('decide'),
  releaseReferral: referralAct('release'),
  withdrawReferral: referralAct('withdraw'),
  requestSupplement: referralAct('request_supplement'),
  supplementReferral: referralAct('supplement'),
  acknowledgeReferral: referralAct('acknowledge'),
  recordOutcome: referralAct('record_outcome'),
  correctReferralFacts: referralAct('correct_facts'),
  correctOutcome: referralAct('correct_outcome'),
  listReferralLists: reads({ standing_agency: ['own_group'], supervisor: ['own_group'] }),
  releaseReferralList: referralAct('release'),

  // ── files ──
  uploadFile: writes(WITH_WORK),
  downloadFile: reads(ATTACHED),
  listAssignmentFiles: reads(WORK),

  // ── what never should have been written ──
  destroyText: writes({ supervisor: ['own_group'] }),

  // ── integration ──
  followEvents: reads(FOLLOWED),
  listWebhooks: reads(OWN_OFFICE),
  getWebhook: reads(OWN_OFFICE),
  listWebhookDeliveries: reads(OWN_OFFICE),
  createWebhook: writes(OWN_OFFICE),
  editWebhook: writes(OWN_OFFICE),
  removeWebhook: writes(OWN_OFFICE),
  rotateWebhookSecret: writes(OWN_OFFICE),
  resendWebhookDelivery: writes(OWN_OFFICE),

  // ── reports ──
  listReports: reads(REPORTS),
  getReport: reads(REPORTS),
  submitReport: reportAct('submit'),
  restateReport: reportAct('restate'),
  returnReport: reportAct('return'),
  askReportExcuse: reportAct('ask_excuse'),
  excuseReport: reportAct('excuse'),
  refuseReportExcuse: reportAct('refuse_excuse'),
  listReportingRegimes: reads(REPORTS),
  getReportingRegime: reads(REPORTS),
  createReportingRegime: writes(AGENCY),
  reviseReportingRegime: writes(AGENCY),
  endReportingRegime: writes(AGENCY),
  requestReports: writes(AGENCY),

  // ── figures ──
  getCounts: reads(COUNTED),
  getAssignmentIndicator: reads(REPORTED),
  getTaskIndicator: reads(REPORTED),

  // ── directory ──
  listUnits: reads(DIRECTORY),
  getUnit: reads(DIRECTORY),
  createUnit: writes(ADMINISTRATOR, 'admin'),
  editUnit: writes(ADMINISTRATOR, 'admin'),
  listHeadTerms: reads(DIRECTORY),
  beginHeadTerm: writes(ADMINISTRATOR, 'admin'),
  getWorkingGroup: reads(OWN_GROUP),
  editWorkingGroup: writes(ADMINISTRATOR, 'admin'),
  listReorganisations: reads(DIRECTORY),
  getReorganisation: reads(DIRECTORY),
  planReorganisation: writes(ADMINISTRATOR, 'admin'),
  cancelReorganisation: writes(ADMINISTRATOR, 'admin'),
  allotAssignments: writes(AGENCY),
  listPolicies: reads(DIRECTORY),
  listPolicyVersions: reads(DIRECTORY),
  changePolicy: writes(ADMINISTRATOR, 'admin'),

  // ── working calendars ──
  listCalendars: reads(DIRECTORY),
  getCalendar: reads(DIRECTORY),
  listCalendarDays: reads(DIRECTORY),
  listCalendarEdits: reads(DIRECTORY),
  listCalendarUses: reads(OWN_GROUP),
  createCalendar: writes(ADMINISTRATOR, 'admin'),
  editCalendarWeek: writes(ADMINISTRATOR, 'admin'),
  editCalendarDays: writes(ADMINISTRATOR, 'admin'),
  changeCalendarUse: writes(ADMINISTRATOR, 'admin'),

  // ── outages ──
  listOutages: reads(DIRECTORY),
  getOperation: reads(DIRECTORY),
  listAccessLog: reads({ supervisor: ['own_group'], administrator: ['own_group'] }),

  // ── deadlines ──
  previewDeadline: reads(DIRECTORY),

  // ── people ──
  listPeople: reads({
    standing_agency: ['own_group'],
    supervisor: ['own_group'],
    unit: ['own_unit'],
    administrator: ['own_group'],
  }),
  getPerson: reads(ADMINISTRATOR),
  createPerson: writes(ADMINISTRATOR, 'admin'),
  editPerson: writes(ADMINISTRATOR, 'admin'),
  makeSetupCode: writes(ADMINISTRATOR, 'admin'),
  endSessions: writes(ADMINISTRATOR, 'admin'),
  listGrants: reads({
    standing_agency: ['own_group'],
    supervisor: ['own_group'],
    unit: ['own_unit'],
    administrator: ['own_group'],
  }),
  giveGrant: writes(ADMINISTRATOR, 'admin'),
  endGrant: writes(ADMINISTRATOR, 'admin'),
} as const satisfies Readonly<Record<string, Permission>>;

export type Operation = keyof typeof PERMISSIONS;
