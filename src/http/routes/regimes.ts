import type { z } from 'zod';
import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/reports.js';
import { pageOf } from '../../contracts/resources.js';
import { isRefusal } from '../../domain/errors.js';
import type { RegimeDefinition } from '../../domain/report/regime.js';
import { pagesOf } from '../../engine/export/list.js';
import { REGIMES_TABLE } from '../../engine/export/reports.js';
import type { PageRequest } from '../../engine/read/page.js';
import { getRegime, type RegimeView, regimesPage } from '../../engine/read/reports.js';
import { createRegime, endRegime, requestReports, reviseRegime } from '../../engine/regimes.js';
import { afterCommand, versioned } from '../outcome.js';
import { type Call, type Route, route } from '../route.js';
import { FormatField, TABLE_MEDIA, tableReply } from './exporting.js';
import { pageRequest } from './viewing.js';

/** The contract's periodicity is written for reading in and out: what goes out of the record has no defaults. */
type RegimeBody = z.input<typeof shape.Regime>;

const bodyOf = ({ periodicity, levels, directiveIds, ...rest }: RegimeView): RegimeBody => ({
  ...rest,
  directiveIds: [...directiveIds],
  periodicity:
    periodicity === null || periodicity.kind !== 'own'
      ? periodicity
      : { kind: 'own', windows: periodicity.windows.map((window) => ({ ...window })) },
  levels: levels.map((level) => ({
    ...level,
    unitIds: [...level.unitIds],
    groupCodes: [...level.groupCodes],
  })),
});

async function reply(call: Call, id: string) {
  const found = versioned(await getRegime(call.engine, call.viewer, id));
  return isRefusal(found) ? found : { ...found, body: bodyOf(found.body) };
}

const listRegimes = route({
  method: 'get',
  path: '/v1/reporting-regimes',
  operationId: 'listReportingRegimes',
  tag: 'reports',
  summary: { vi: 'Các chế độ báo cáo và yêu cầu đột xuất', en: 'Reporting regimes and ad hoc requests' },
  query: shape.RegimesQuery.extend(FormatField),
  success: { status: 200, schema: pageOf(shape.Regime), media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const filter = { state: query.state ?? null, kind: query.kind ?? null };
    const read = async (request: PageRequest) => await regimesPage(call.engine, call.viewer, filter, request);
    const { format } = query;
    if (format !== 'json') {
      return await tableReply(call, { ...query, format }, REGIMES_TABLE, pagesOf(read));
    }
    const page = await read(pageRequest(query));
    return { body: { ...page, items: page.items.map(bodyOf) } };
  },
});

const readRegime = route({
  method: 'get',
  path: '/v1/reporting-regimes/{id}',
  operationId: 'getReportingRegime',
  tag: 'reports',
  summary: { vi: 'Một chế độ báo cáo', en: 'One reporting regime' },
  params: IdParams,
  success: { status: 200, schema: shape.Regime },
  idempotency: 'none',
  ifMatch: 'none',
  handler: async (call, { params }) => reply(call, params.id),
});

function definitionOf(body: Omit<z.output<typeof shape.RegimeInput>, 'document'>): RegimeDefinition {
  const { periodicity, startsOn, ...rest } = body;
  return { ...rest, schedule: { kind: 'periodic', periodicity, startsOn } };
}

const addRegime = route({
  method: 'post',
  path: '/v1/reporting-regimes',
  operationId: 'createReportingRegime',
  tag: 'reports',
  summary: { vi: 'Lập chế độ báo cáo', en: 'Set up a reporting regime' },
  body: shape.RegimeInput,
  success: { status: 201, schema: shape.Regime },
  problems: ['regime_invalid', 'reference_unknown'],
  idempotency: 'required',
  ifMatch: 'none',
  async handler(call, { body: { document, ...body } }) {
    const outcome = await createRegime(call.engine, call.command(document), definitionOf(body));
    return await made(call, outcome);
  },
});

async function made(call: Call, outcome: Awaited<ReturnType<typeof createRegime>>) {
  const found = await afterCommand(outcome, (id) => getRegime(call.engine, call.viewer, id));
  if (isRefusal(found)) return found;
  return {
    ...found,
    body: bodyOf(found.body),
    headers: { Location: `/v1/reporting-regimes/${found.body.id}` },
  };
}

const addVersion = route({
  method: 'post',
  path: '/v1/reporting-regimes/{id}/versions',
  operationId: 'reviseReportingRegime',
  tag: 'reports',
  summary: {
    vi: 'Phiên bản mới, áp dụng từ kỳ mở sau',
    en: 'A new version, for the periods that open from now on',
  },
  params: IdParams,
  body: shape.RegimeInput,
  success: { status: 200, schema: shape.Regime },
  problems: ['regime_invalid', 'reference_unknown', 'transition_not_allowed'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body: { document, ...body } }) {
    const outcome = await reviseRegime(
      call.engine,
      call.command(document),
      params.id,
      definitionOf(body),
      call.ifMatch,
    );
    return isRefusal(outcome) ? outcome : await reply(call, params.id);
  },
});

const finishRegime = route({
  method: 'post',
  path: '/v1/reporting-regimes/{id}/end',
  operationId: 'endReportingRegime',
  tag: 'reports',
  summary: { vi: 'Kết thúc chế độ báo cáo', en: 'End a reporting regime' },
  params: IdParams,
  body: shape.ReportReason,
  success: { status: 200, schema: shape.Regime },
  problems: ['transition_not_allowed'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const outcome = await endRegime(call.engine, call.command(body.document), params.id, body.reason);
    return isRefusal(outcome) ? outcome : await reply(call, params.id);
  },
});

const askReports = route({
  method: 'post',
  path: '/v1/report-requests',
  operationId: 'requestReports',
  tag: 'reports',
  summary: {
    vi: 'Yêu cầu báo cáo đột xuất, với hạn riêng',
    en: 'Ask for reports ad hoc, with a due instant of their own',
  },
  body: shape.ReportRequestInput,
  success: { status: 201, schema: shape.Regime },
  problems: ['regime_invalid', 'reference_unknown', 'deadline_not_understood', 'deadline_in_past'],
  idempotency: 'required',
  ifMatch: 'none',
  async handler(call, { body: { document, ...asked } }) {
    return await made(call, await requestReports(call.engine, call.command(document), asked));
  },
});

export const regimeRoutes: readonly Route[] = [
  listRegimes,
  readRegime,
  addRegime,
  addVersion,
  finishRegime,
  askReports,
];
