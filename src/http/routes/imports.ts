import { z } from 'zod';
import { IdParams, instantText } from '../../contracts/common.js';
import { Import, ImportAnswers, ImportForm } from '../../contracts/imports.js';
import { isRefusal } from '../../domain/errors.js';
import type { Finding, ImportPreview } from '../../domain/import.js';
import { SHEET_FORMATS } from '../../domain/sheet.js';
import { answerImport, applyImport, getImport, startImport } from '../../engine/imports.js';
import { planTemplate } from '../../engine/plan-template.js';
import { sheetWriterOf } from '../../engine/sheets.js';
import type { Locale } from '../locale.js';
import { type Call, type Route, route, type Upload } from '../route.js';
import { invalid } from '../validation.js';
import { fileHeaders, TABLE_MEDIA } from './exporting.js';

const findings = (list: readonly Finding[], locale: Locale) =>
  list.map((finding) => ({ ...finding, message: finding.message[locale] }));

/** The import as it stands, its findings in the caller's language. */
async function importReply(call: Call, id: string, known: ImportPreview | null = null) {
  const found = await getImport(call.engine, call.viewer, id, known);
  if (isRefusal(found)) return found;
  const { preview, meta, recordedAt, ...rest } = found;
  return {
    body: {
      ...rest,
      recordedAt: instantText(recordedAt),
      number: meta.number,
      title: meta.title,
      documentDate: meta.documentDate,
      preview: {
        ...preview,
        rows: preview.rows.map((row) => ({ ...row, findings: findings(row.findings, call.locale) })),
        findings: findings(preview.findings, call.locale),
      },
    },
  };
}

function answersOf(body: z.output<typeof ImportAnswers> | Omit<z.output<typeof ImportForm>, 'rows'>) {
  const { choices, ...meta } = body;
  return { choices, meta };
}

const start = route({
  method: 'post',
  path: '/v1/imports',
  operationId: 'startImport',
  tag: 'imports',
  summary: {
    vi: 'Xem trước một kế hoạch (Excel, CSV hoặc JSON)',
    en: 'Preview a plan from Excel, CSV or JSON',
  },
  description:
    'The file goes in the field `file`; `choices` is JSON. Nothing is made of it before it is applied; each row comes back as a task or with findings.',
  upload: 'memory',
  jsonToo: true,
  body: ImportForm,
  success: { status: 201, schema: Import },
  problems: ['import_unreadable', 'secret_content', 'payload_too_large', 'reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body, file }) {
    const { rows, ...answers } = body;
    const plan = planOf(file, rows);
    if (plan === null) return fileMissing();
    const made = await startImport(call.engine, call.command(), plan, answersOf(answers));
    if (isRefusal(made)) return made;
    const reply = await importReply(call, made.outcome.subjectId ?? '', made.preview);
    return isRefusal(reply) ? reply : { ...reply, headers: { Location: `/v1/imports/${reply.body.id}` } };
  },
});

/** The plan comes as a file or as rows of JSON, one of the two. */
function planOf(file: Upload | null, rows: readonly object[] | undefined) {
  if (file !== null) return rows === undefined ? { fileName: file.name, bytes: file.bytes } : null;
  return rows === undefined ? null : { fileName: 'plan.json', bytes: Buffer.from(JSON.stringify(rows)) };
}

function fileMissing() {
  const detail = { vi: 'Thiếu tệp trong trường «file».', en: 'The file is missing; its field is "file".' };
  return invalid([{ pointer: '/file', code: 'required', detail }]);
}

const template = route({
  method: 'get',
  path: '/v1/imports/template',
  operationId: 'getImportTemplate',
  tag: 'imports',
  summary: { vi: 'Biểu mẫu kế hoạch để điền', en: 'The form in which a plan is filled in' },
  description:
    'With lists of today’s units and groups, hints, and an example row that can be imported as it is.',
  query: z.strictObject({ format: z.enum(SHEET_FORMATS).default('xlsx') }),
  success: { status: 200, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query: { format } }) {
    const form = await planTemplate(call.engine, call.viewer);
    return {
      stream: sheetWriterOf(call.engine).template(format, form),
      headers: fileHeaders(format, 'ke-hoach'),
    };
  },
});

const read = route({
  method: 'get',
  path: '/v1/imports/{id}',
  operationId: 'getImport',
  tag: 'imports',
  summary: { vi: 'Bản xem trước theo danh mục hôm nay', en: 'The preview, under today’s directory' },
  params: IdParams,
  success: { status: 200, schema: Import },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const reply = await importReply(call, params.id);
    if (!isRefusal(reply)) await call.recordAccess('viewed', { kind: 'import', id: params.id });
    return reply;
  },
});

const answer = route({
  method: 'patch',
  path: '/v1/imports/{id}',
  operationId: 'answerImport',
  tag: 'imports',
  summary: { vi: 'Trả lời các câu hỏi của bản xem trước', en: 'Answer the questions of a preview' },
  description: 'Answers by column, name and row are added to those given before; the others replace them.',
  params: IdParams,
  body: ImportAnswers,
  success: { status: 200, schema: Import },
  problems: ['transition_not_allowed', 'import_unreadable', 'reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const made = await answerImport(call.engine, call.command(), params.id, answersOf(body));
    return isRefusal(made) ? made : importReply(call, params.id, made.preview);
  },
});

const apply = route({
  method: 'post',
  path: '/v1/imports/{id}/apply',
  operationId: 'applyImport',
  tag: 'imports',
  summary: { vi: 'Tạo dự thảo từ bản nhập, tất cả hoặc không', en: 'Make the draft, all or nothing' },
  params: IdParams,
  body: ImportAnswers,
  success: { status: 201, schema: Import },
  problems: ['transition_not_allowed', 'import_not_ready', 'import_unreadable'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const made = await applyImport(call.engine, call.command(), params.id, answersOf(body));
    if (isRefusal(made)) return made;
    const reply = await importReply(call, params.id, made.preview);
    if (isRefusal(reply)) return reply;
    return { ...reply, headers: { Location: `/v1/directives/${reply.body.directiveId ?? ''}` } };
  },
});

export const importRoutes: readonly Route[] = [start, template, read, answer, apply];
