import { createHash } from 'node:crypto';
import { loadCalendar, loadPolicy, loadWorkingGroup } from '../db/directive-store.js';
import {
  type ImportRow,
  insertImport,
  lockImport,
  markApplied,
  readImport,
  saveImport,
} from '../db/import-store.js';
import { databaseNow } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { unitNamesOn } from '../db/read/directory.js';
import type { Actor, PersonActor } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { localDate } from '../domain/calendar.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { ImportChoices, ImportDirectory, ImportMeta, ImportPreview } from '../domain/import.js';
import { inCommand, refused } from './command.js';
import { draftIn } from './draft.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import {
  type ImportReader,
  importReaderOf,
  type KeptPlan,
  type PlanFile,
  type ReadingContext,
} from './import-reader.js';
import { look, type Viewer } from './read/view.js';
import type { CommandRequest, Outcome } from './request.js';
import { UNIT_GROUPS } from './unit-groups.js';

/** Answers that are added to those given before; what is left out stays. */
export interface ImportAnswers {
  readonly choices?: ImportChoices | undefined;
  readonly meta?: { readonly [Field in keyof ImportMeta]?: ImportMeta[Field] | undefined } | undefined;
}

/** Keeps a file with the answers so far. A file that cannot be read at all is refused and not kept. */
export async function startImport(
  engine: Engine,
  request: CommandRequest,
  file: PlanFile,
  answers: ImportAnswers,
): Promise<Outcome> {
  const reader = importReaderOf(engine);
  // Before the transaction, which would stay open while a workbook is read.
  const plan = await reader.take(file);
  if (isRefusal(plan)) return plan;
  return inCommand(engine, request, async ({ client }) => {
    const actor = importer(request.actor);
    const id = newId();
    const choices = answers.choices ?? {};
    const given = merged({ number: null, title: '', documentDate: null }, answers.meta);
    const preview = await previewOf(client, reader, actor, id, plan, { choices, meta: given });
    if (isRefusal(preview)) throw refused(preview);
    const meta = given.title === '' ? { ...given, title: titleFrom(preview, file.fileName) } : given;
    await insertImport(client, {
      id,
      workingGroupId: actor.workingGroupId,
      unitId: actor.unitId,
      personId: actor.personId,
      fileName: file.fileName,
      body: { file: Buffer.from(plan.bytes).toString('base64'), form: plan.form, choices, meta },
    });
    return { status: 201, subjectId: id, version: null };
  });
}

/** More answers. */
export async function answerImport(
  engine: Engine,
  request: CommandRequest,
  id: string,
  answers: ImportAnswers,
): Promise<Outcome> {
  return inCommand(engine, request, async ({ client }) => {
    const actor = importer(request.actor);
    const row = await openImport(client, id, actor);
    const body = answered(row, answers);
    const preview = await previewOf(client, importReaderOf(engine), actor, id, planOf(row), body);
    if (isRefusal(preview)) throw refused(preview);
    await saveImport(client, id, body);
    return { status: 200, subjectId: id, version: null };
  });
}

/** Makes the draft, all or nothing, and closes the import: it is applied once. */
export async function applyImport(
  engine: Engine,
  request: CommandRequest,
  id: string,
  answers: ImportAnswers,
): Promise<Outcome> {
  const reader = importReaderOf(engine);
  return inCommand(engine, request, async (tx) => {
    const actor = importer(request.actor);
    const row = await openImport(tx.client, id, actor);
    const body = answered(row, answers);
    const preview = await previewOf(tx.client, reader, actor, id, planOf(row), body);
    if (isRefusal(preview)) throw refused(preview);
    const content = reader.apply(preview, body.meta);
    if (isRefusal(content)) throw refused(content);
    const directiveId = await draftIn(tx, actor.workingGroupId, content);
    await saveImport(tx.client, id, body);
    await markApplied(tx.client, id, directiveId);
    return { status: 201, subjectId: id, version: null };
  });
}

/** An import as it stands: read again with the answers so far, under today's directory and calendar. */
export interface ImportView {
  readonly id: string;
  readonly state: 'previewed' | 'applied';
  readonly fileName: string;
  readonly recordedAt: number;
  readonly directiveId: string | null;
  readonly choices: ImportChoices;
  readonly meta: ImportMeta;
  readonly preview: ImportPreview;
}

export async function getImport(engine: Engine, viewer: Viewer, id: string): Promise<ImportView | Refusal> {
  const reader = importReaderOf(engine);
  return look(engine, viewer, async (client) => {
    const row = await readImport(client, id);
    if (row === null) return notFound();
    const { choices, meta } = row.body;
    const preview = await previewOf(client, reader, viewer.actor, id, planOf(row), { choices, meta });
    if (isRefusal(preview)) return preview;
    return {
      id,
      state: row.state,
      fileName: row.file_name,
      recordedAt: row.recorded_at,
      directiveId: row.directive_id,
      choices,
      meta,
      preview,
    };
  });
}

async function openImport(db: Queryable, id: string, actor: PersonActor): Promise<ImportRow> {
  const row = await lockImport(db, id);
  if (row === null || row.working_group_id !== actor.workingGroupId) throw refused(notFound());
  if (row.state === 'previewed') return row;
  throw refused(
    refuse(
      'transition_not_allowed',
      {
        vi: 'Bản nhập này đã được áp dụng; sửa dự thảo hoặc nhập lại tệp.',
        en: 'This import has been applied; edit its draft, or import the file again.',
      },
      { extra: { state: row.state, directiveId: row.directive_id } },
    ),
  );
}

function importer(actor: Actor): PersonActor {
  if (actor.kind === 'person' && actor.role === 'standing_agency') return actor;
  throw refused(
    refuse('forbidden', {
      vi: 'Chỉ cơ quan thường trực được nhập kế hoạch.',
      en: 'Only the standing agency imports plans.',
    }),
  );
}

const planOf = (row: ImportRow): KeptPlan => ({
  fileName: row.file_name,
  form: row.body.form ?? 'text',
  bytes: Buffer.from(row.body.file, 'base64'),
});

async function previewOf(
  db: Queryable,
  reader: ImportReader,
  actor: PersonActor,
  importId: string,
  plan: KeptPlan,
  answers: { readonly choices: ImportChoices; readonly meta: ImportMeta },
): Promise<ImportPreview | Refusal> {
  const group = await loadWorkingGroup(db, actor.workingGroupId);
  if (group === null) return notFound();
  const calendar = await loadCalendar(db, group.calendarId, 'latest');
  const policy = await loadPolicy(db, group.policyId);
  if (calendar === null || policy === null)
    throw new Error(`Working Group ${group.id} has no policy or calendar`);
  const now = Math.floor(await databaseNow(db));
  const context: ReadingContext = {
    directory: await directoryOn(db, localDate(calendar, now)),
    choices: answers.choices,
    documentDate: answers.meta.documentDate,
    now,
    calendar,
    policy: policy.deadline,
    newId: (line) => lineId(importId, line),
    limits: reader.limits,
  };
  return reader.preview(plan, context);
}

async function directoryOn(db: Queryable, date: string): Promise<ImportDirectory> {
  const units = await unitNamesOn(db, date);
  const named = UNIT_GROUPS.map(({ code, name, aliases }) => ({
    code,
    name: name.vi,
    nameEn: name.en,
    aliases,
  }));
  const others = new Set(units.map((unit) => unit.group_code));
  for (const { code } of named) others.delete(code);
  return {
    units: units.map((unit) => ({
      id: unit.id,
      code: unit.code,
      name: unit.name,
      nameEn: unit.name_en,
      aliases: unit.aliases,
      groupCode: unit.group_code,
    })),
    groups: [...named, ...[...others].map((code) => ({ code, name: code, nameEn: code, aliases: [] }))],
  };
}

/**
 * The id of the task in a line: made from the import's id, so that it is the same each time the file is read
 * and nothing needs to be kept. A UUIDv7 with the import's own time.
 */
function lineId(importId: string, line: number): string {
  const bytes = createHash('sha256').update(`${importId} ${line}`).digest().subarray(0, 16);
  Buffer.from(importId.replaceAll('-', ''), 'hex').copy(bytes, 0, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Words with which the titles of such documents begin. */
const TITLE =
  /^(kế hoạch|chỉ thị|quyết định|công văn|chương trình|nghị quyết|thông báo|plan|directive|decision)/i;

/** What stands above the table is the issuer's name and the title; where there is nothing, the file's name must do. */
function titleFrom({ titleLines }: ImportPreview, fileName: string): string {
  const said = titleLines.map((line) => line.normalize('NFC'));
  return said.find((line) => TITLE.test(line)) ?? said[0] ?? fileName.replace(/\.[^.]+$/, '');
}

function answered({ body }: ImportRow, answers: ImportAnswers) {
  return { choices: joined(body.choices, answers.choices ?? {}), meta: merged(body.meta, answers.meta) };
}

function merged(meta: ImportMeta, changes: ImportAnswers['meta']): ImportMeta {
  const given = Object.entries(changes ?? {}).filter(([, value]) => value !== undefined);
  return { ...meta, ...Object.fromEntries(given) };
}

/**
 * Answers by column, name and row are added to those given before; the others replace them. Another sheet has other
 * rows: what was said of rows is not said of its own.
 */
function joined(given: ImportChoices, more: ImportChoices): ImportChoices {
  const moved = more.sheet !== undefined && more.sheet !== given.sheet;
  const before = moved ? withoutRows(given) : given;
  return {
    ...before,
    ...more,
    columns: { ...before.columns, ...more.columns },
    units: { ...before.units, ...more.units },
    rows: { ...before.rows, ...more.rows },
    past: { ...before.past, ...more.past, rows: { ...before.past?.rows, ...more.past?.rows } },
  };
}

function withoutRows({ headerLine: _line, rows: _rows, ...rest }: ImportChoices): ImportChoices {
  const { keepUnclear, past, ...choices } = rest;
  return {
    ...choices,
    ...(typeof keepUnclear === 'boolean' ? { keepUnclear } : {}),
    ...(past?.default === undefined ? {} : { past: { default: past.default } }),
  };
}
