import type { z } from 'zod';
import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/reports.js';
import { pagesOf } from '../../engine/export/list.js';
import { REPORTS_TABLE } from '../../engine/export/reports.js';
import { getReport, reportRows, reportsPage } from '../../engine/read/reports.js';
import { executeReport, figuresOf, type ProgressEntry } from '../../engine/reports.js';
import { afterCommand, versioned } from '../outcome.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, TABLE_MEDIA, tableReply } from './exporting.js';
import { instantOrNull, pageRequest } from './viewing.js';

const listReports = route({
  method: 'get',
  path: '/v1/reports',
  operationId: 'listReports',
  tag: 'reports',
  summary: {
    vi: 'Ai đã báo cáo, ai chưa, tính đến một thời điểm',
    en: 'Who has and who has not reported, as of an instant',
  },
  query: shape.ReportsQuery.extend(FormatField),
  success: { status: 200, schema: shape.ReportPage, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = {
      regimeId: query.regime ?? null,
      unitId: query.unit ?? null,
      directiveId: query.directive ?? null,
      period: query.period ?? null,
      state: query.state ?? null,
      asOf: instantOrNull(query.asOf),
    };
    const { format } = query;
    if (format === 'json') {
      return { body: await reportsPage(call.engine, call.viewer, filter, pageRequest(query)) };
    }
    const pages = pagesOf((request) => reportRows(call.engine, call.viewer, filter, request));
    return await tableReply(call, { ...query, format }, REPORTS_TABLE, pages);
  },
});

const readReport = route({
  method: 'get',
  path: '/v1/reports/{id}',
  operationId: 'getReport',
  tag: 'reports',
  summary: { vi: 'Một báo cáo của một đơn vị trong một kỳ', en: 'What a unit owes for one period' },
  params: IdParams,
  success: { status: 200, schema: shape.Report },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) => versioned(await getReport(call.engine, call.viewer, params.id)),
});

type Command = Parameters<typeof executeReport>[3];

/** The answer to a command on one report: the report as it is now. */
async function act(
  call: Call,
  id: string,
  document: Parameters<Call['command']>[0],
  command: Command,
  entries: readonly ProgressEntry[] = [],
) {
  const outcome = await executeReport(call.engine, call.command(document), id, command, entries);
  return await afterCommand(outcome, () => getReport(call.engine, call.viewer, id));
}

function entriesOf(progress: z.output<typeof shape.RestateReport>['progress'] | undefined): ProgressEntry[] {
  return (progress ?? []).map(({ assignmentId, ...report }) => ({ assignmentId, report }));
}

/** The reason of a restatement is that of each figure in it which states none of its own. */
function corrected({ assignmentId, report }: ProgressEntry, reason: string): ProgressEntry {
  if (report.figure === undefined) return { assignmentId, report };
  return { assignmentId, report: { ...report, figure: { correction: reason, ...report.figure } } };
}

const frame = { tag: 'reports', params: IdParams, ifMatch: 'none' } as const;
const PROBLEMS = ['own_cause', 'transition_not_allowed', 'document_required', 'happened_in_future'] as const;

const submitReport = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/submit',
  operationId: 'submitReport',
  summary: {
    vi: 'Gửi báo cáo kèm tiến độ của các nhiệm vụ',
    en: 'Send a report, with the progress of the unit’s assignments',
  },
  body: shape.SubmitReport,
  success: { status: 200, schema: shape.Report },
  problems: [...PROBLEMS, 'reference_unknown'],
  idempotency: 'required',
  handler: async (call, { params, body: { document, text, progress } }) => {
    const entries = entriesOf(progress);
    const input = { text, progress: figuresOf(entries) };
    return await act(call, params.id, document, { action: 'submit', input }, entries);
  },
});

const restateReport = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/restate',
  operationId: 'restateReport',
  summary: {
    vi: 'Đính chính số liệu, giữ cả số cũ và số mới',
    en: 'Correct figures; both values are kept',
  },
  body: shape.RestateReport,
  success: { status: 200, schema: shape.Report },
  problems: [...PROBLEMS, 'reference_unknown'],
  idempotency: 'required',
  handler: async (call, { params, body: { document, reason, progress } }) => {
    const entries = entriesOf(progress).map((entry) => corrected(entry, reason));
    const input = { reason, progress: figuresOf(entries) };
    return await act(call, params.id, document, { action: 'restate', input }, entries);
  },
});

const returnReport = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/return',
  operationId: 'returnReport',
  summary: { vi: 'Trả lại báo cáo để hoàn thiện', en: 'Return a report to be mended' },
  body: shape.ReturnReport,
  success: { status: 200, schema: shape.Report },
  problems: PROBLEMS,
  idempotency: 'optional',
  handler: async (call, { params, body: { document, ...input } }) =>
    await act(call, params.id, document, { action: 'return', input }),
});

const askExcuse = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/excuse-request',
  operationId: 'askReportExcuse',
  summary: { vi: 'Đề nghị không phải báo cáo kỳ này', en: 'Ask to be excused from this period' },
  body: shape.ReportReason,
  success: { status: 200, schema: shape.Report },
  problems: [...PROBLEMS, 'matter_already_open'],
  idempotency: 'optional',
  handler: async (call, { params, body: { document, ...input } }) =>
    await act(call, params.id, document, { action: 'ask_excuse', input }),
});

const excuseReport = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/excuse',
  operationId: 'excuseReport',
  summary: {
    vi: 'Chấp nhận không phải báo cáo, theo văn bản',
    en: 'Excuse from this period, by a numbered document',
  },
  body: shape.ReportReason,
  success: { status: 200, schema: shape.Report },
  problems: PROBLEMS,
  idempotency: 'optional',
  handler: async (call, { params, body: { document, ...input } }) =>
    await act(call, params.id, document, { action: 'excuse', input }),
});

const refuseExcuse = route({
  ...frame,
  method: 'post',
  path: '/v1/reports/{id}/excuse-refusal',
  operationId: 'refuseReportExcuse',
  summary: { vi: 'Không chấp nhận đề nghị miễn báo cáo', en: 'Refuse a request to be excused' },
  body: shape.ReportReason,
  success: { status: 200, schema: shape.Report },
  problems: PROBLEMS,
  idempotency: 'optional',
  handler: async (call, { params, body: { document, ...input } }) =>
    await act(call, params.id, document, { action: 'refuse_excuse', input }),
});

export const reportRoutes: readonly Route[] = [
  listReports,
  readReport,
  submitReport,
  restateReport,
  returnReport,
  askExcuse,
  excuseReport,
  refuseExcuse,
];
