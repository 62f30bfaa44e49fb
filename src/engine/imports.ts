import { isDeepStrictEqual } from 'node:util';
import { loadCalendar, loadPolicy, loadWorkingGroup } from '../db/directive-store.js';
import {
  type ImportBody,
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
import { type CommandTx, inCommand, refused } from './command.js';
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
import type { Answer, CommandRequest, Outcome } from './request.js';
import { UNIT_GROUPS } from './unit-groups.js';

/** Answers that are added to those given before; what is left out stays. */
export interface ImportAnswers {
  readonly choices?: ImportChoices | undefined;
  readonly meta?: { readonly [Field in keyof ImportMeta]?: ImportMeta[Field] | undefined } | undefined;
}

/** What a command did, with the preview that it made; null for a repeat, which made none. */
export interface Imported {
  readonly outcome: Answer;
  readonly preview: ImportPreview | null;
}

/** Keeps a file with the answers so far. A file that cannot be read at all is refused and not kept. */
export async function startImport(
  engine: Engine,
  request: CommandRequest,
  file: PlanFile,
  answers: ImportAnswers,
): Promise<Imported | Refusal> {
  const reader = importReaderOf(engine);
  const actor = importer(request.actor);
  if (isRefusal(actor)) return actor;
  // Before the transaction, which would stay open while the file is read.
  const plan = await reader.take(file);
  if (isRefusal(plan)) return plan;
  const id = newId();
  const choices = answers.choices ?? {};
  const given = merged({ number: null, title: '', documentDate: null }, answers.meta);
  const context = await contextOf(engine.writer, reader, actor, id, { choices, meta: given });
  const preview = await reader.preview(plan, context);
  if (isRefusal(preview)) return preview;
  const meta = given.title === '' ? { ...given, title: titleFrom(preview, file.fileName) } : given;
  const outcome = await inCommand(engine, request, async ({ client }) => {
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
  return importedBy(outcome, preview);
}

const importedBy = (outcome: Outcome, preview: ImportPreview | null): Imported | Refusal =>
  isRefusal(outcome) ? outcome : { outcome, preview: outcome.repeated ? null : preview };

/** More answers. */
export async function answerImport(
  engine: Engine,
  request: CommandRequest,
  id: string,
  answers: ImportAnswers,
): Promise<Imported | Refusal> {
  return await onAnswered(engine, request, id, answers, async ({ client }, { body }) => {
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
): Promise<Imported | Refusal> {
  const reader = importReaderOf(engine);
  return await onAnswered(engine, request, id, answers, async (tx, { row, body, preview }) => {
    const content = reader.apply(preview, body.meta);
    if (isRefusal(content)) throw refused(content);
    const directiveId = await draftIn(tx, row.working_group_id, content);
    await saveImport(tx.client, id, body);
    await markApplied(tx.client, id, directiveId);
    return { status: 201, subjectId: id, version: null };
  });
}

/** An import with further answers, and its plan read under them. */
interface Answered {
  readonly row: ImportRow;
  readonly body: Pick<ImportBody, 'choices' | 'meta'>;
  readonly preview: ImportPreview;
}

/** How often it is read again because somebody else has answered meanwhile. */
const TRIES = 3;

/**
 * Reads the plan with the answers before the transaction, which would stay open meanwhile. Under the lock the answers
 * given before must still be those; else it is read once more.
 */
async function onAnswered(
  engine: Engine,
  request: CommandRequest,
  id: string,
  answers: ImportAnswers,
  work: (tx: CommandTx, answered: Answered) => Promise<Omit<Answer, 'repeated'>>,
): Promise<Imported | Refusal> {
  const actor = importer(request.actor);
  if (isRefusal(actor)) return actor;
  for (let tries = 1; ; tries += 1) {
    const read = await readAnswered(engine, actor, id, answers);
    if (isRefusal(read)) return read;
    const overtaken = answeredMeanwhile();
    const outcome = await inCommand(engine, request, async (tx) => {
      // What is not there or was applied is refused here, after a repeat has had its answer.
      const row = await openImport(tx.client, id, actor);
      if (read === null || !sameAnswers(row, read.row)) throw refused(overtaken);
      return await work(tx, { ...read, row });
    });
    if (outcome !== overtaken || tries === TRIES) return importedBy(outcome, read?.preview ?? null);
  }
}

/** Null where nothing is there to be answered. */
async function readAnswered(
  engine: Engine,
  actor: PersonActor,
  id: string,
  answers: ImportAnswers,
): Promise<Answered | Refusal | null> {
  const row = await readImport(engine.writer, id);
  if (row === null || row.working_group_id !== actor.workingGroupId || row.state === 'applied') return null;
  const reader = importReaderOf(engine);
  const body = answered(row, answers);
  const context = await contextOf(engine.writer, reader, actor, id, body);
  const preview = await reader.preview(planOf(row), context);
  return isRefusal(preview) ? preview : { row, body, preview };
}

const sameAnswers = (one: ImportRow, other: ImportRow): boolean =>
  isDeepStrictEqual([one.body.choices, one.body.meta], [other.body.choices, other.body.meta]);

function answeredMeanwhile(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Người khác đang trả lời bản nhập này; hãy đọc lại rồi thử lại.',
    en: 'Somebody else is answering this import; read it again, then try again.',
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

/** @param known the preview, where it has just been made */
export async function getImport(
  engine: Engine,
  viewer: Viewer,
  id: string,
  known: ImportPreview | null = null,
): Promise<ImportView | Refusal> {
  const reader = importReaderOf(engine);
  const found = await look(engine, viewer, async (client) => {
    const row = await readImport(client, id);
    if (row === null) return null;
    const context = known ?? (await contextOf(client, reader, viewer.actor, id, row.body));
    return { row, context };
  });
  if (found === null) return notFound();
  const { row, context } = found;
  const preview = 'importId' in context ? await reader.preview(planOf(row), context) : context;
  if (isRefusal(preview)) return preview;
  return {
    id,
    state: row.state,
    fileName: row.file_name,
    recordedAt: row.recorded_at,
    directiveId: row.directive_id,
    choices: row.body.choices,
    meta: row.body.meta,
    preview,
  };
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

function importer(actor: Actor): PersonActor | Refusal {
  if (actor.kind === 'person' && actor.role === 'standing_agency') return actor;
  return refuse('forbidden', {
    vi: 'Chỉ cơ quan thường trực được nhập kế hoạch.',
    en: 'Only the standing agency imports plans.',
  });
}

const planOf = (row: ImportRow): KeptPlan => ({
  fileName: row.file_name,
  form: row.body.form ?? 'text',
  bytes: Buffer.from(row.body.file, 'base64'),
});

/** What the reading depends on: today's directory, calendar and policy, and the answers. */
async function contextOf(
  db: Queryable,
  reader: ImportReader,
  actor: PersonActor,
  importId: string,
  answers: { readonly choices: ImportChoices; readonly meta: ImportMeta },
): Promise<ReadingContext> {
  const group = await loadWorkingGroup(db, actor.workingGroupId);
  if (group === null) throw refused(notFound());
  const calendar = await loadCalendar(db, group.calendarId, 'latest');
  const policy = await loadPolicy(db, group.policyId);
  if (calendar === null || policy === null)
    throw new Error(`Working Group ${group.id} has no policy or calendar`);
  const now = Math.floor(await databaseNow(db));
  return {
    directory: await directoryOn(db, localDate(calendar, now)),
    choices: answers.choices,
    documentDate: answers.meta.documentDate,
    now,
    calendar,
    policy: policy.deadline,
    importId,
    limits: reader.limits,
  };
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
