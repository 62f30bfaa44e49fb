import { z } from 'zod';
import { Id, InstantText, LocalDate, leftOut, ShortText } from './common.js';
import { DirectiveTask } from './directive-resource.js';

const UnitChoice = z.union([
  z.strictObject({ units: z.array(ShortText).min(1).max(1_000) }),
  z.strictObject({ group: ShortText }),
  z.strictObject({ groups: z.array(ShortText).min(1).max(100) }),
  z.strictObject({ ignore: z.literal(true) }),
]);

const PastAnswer = z.union([
  z.strictObject({ answer: z.literal('carry_over'), newPhrase: ShortText }),
  z.strictObject({ answer: z.literal('take_over') }),
]);

const several = z.enum(['each_leads', 'first_leads']);
const cell = z.string().max(10_000);
/** A row is named by its 1-based line in the file. */
const Line = z.string().regex(/^[1-9]\d{0,6}$/);

/** The answers of the person who imports; all may be left out. */
export const ImportChoices = z
  .strictObject({
    sheet: leftOut(ShortText).meta({
      description: 'Of a workbook: which sheet; by default the one that looks most like a plan',
    }),
    columns: leftOut(z.record(ShortText, ShortText)).meta({
      description: 'Column name as typed, or #3 → field, or ignore',
    }),
    headerLine: leftOut(z.int().min(0)).meta({ description: '0: the file has no header' }),
    units: leftOut(z.record(ShortText, UnitChoice)).meta({
      description: 'Name as typed → what it stands for',
    }),
    severalLeads: leftOut(several),
    past: leftOut(
      z.strictObject({ default: leftOut(PastAnswer), rows: leftOut(z.record(Line, PastAnswer)) }),
    ).meta({ description: 'Answers to deadlines that are already past' }),
    keepUnclear: leftOut(z.union([z.boolean(), z.array(z.int().positive())])).meta({
      description: 'Rows that stay in although one of the four clears fails: all, or these lines',
    }),
    fillDown: leftOut(z.array(ShortText)),
    rows: leftOut(
      z.record(
        Line,
        z.strictObject({
          title: leftOut(cell),
          lead: leftOut(cell),
          coordinating: leftOut(cell),
          deadline: leftOut(cell),
          result: leftOut(cell),
          acknowledgedOn: leftOut(cell),
          reportedOn: leftOut(cell),
          extendedOn: leftOut(cell),
          extendedTo: leftOut(cell),
          submittedOn: leftOut(cell),
          confirmedOn: leftOut(cell),
          severalLeads: leftOut(several),
          kind: leftOut(z.enum(['task', 'section', 'skip'])),
        }),
      ),
    ).meta({ description: 'Corrections of single rows, as they would be typed' }),
  })
  .meta({ id: 'ImportChoices' });

const metaFields = {
  number: ShortText.nullable().optional(),
  title: ShortText.optional(),
  documentDate: LocalDate.nullable().optional(),
  signer: ShortText.nullable().optional(),
  issuer: ShortText.nullable().optional(),
  endsOn: LocalDate.nullable().optional(),
};

/** In a form every field is text, and choices are JSON; in a JSON body they stand as they are. */
function fromJsonText(value: unknown, ctx: z.RefinementCtx): unknown {
  if (value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    ctx.addIssue({
      code: 'custom',
      params: { code: 'malformed_json', vi: 'Phải là JSON.', en: 'Must be JSON.' },
    });
    return z.NEVER;
  }
}

const blank = (value: unknown): unknown => (value === '' ? undefined : value);
const formText = <S extends z.ZodType>(schema: S) => z.preprocess(blank, schema.optional());

/** Fields beside the file. */
export const ImportForm = z
  .strictObject({
    number: formText(ShortText),
    title: formText(ShortText),
    documentDate: formText(LocalDate),
    signer: formText(ShortText),
    issuer: formText(ShortText),
    endsOn: formText(LocalDate),
    choices: z.preprocess(fromJsonText, ImportChoices.optional()),
    rows: z.array(z.record(z.string(), z.unknown())).min(1).max(10_000).optional().meta({
      description: 'The plan itself, in a JSON body instead of a file: one object a row, by column',
    }),
  })
  .meta({ id: 'ImportForm' });

export const ImportAnswers = z
  .strictObject({ ...metaFields, choices: ImportChoices.optional() })
  .meta({ id: 'ImportAnswers' });

const n = z.number().int();

const Finding = z.strictObject({
  row: n.meta({ description: '1-based line, of a workbook its row; 0 for the file as a whole' }),
  column: z.string().nullable(),
  cell: z.string().nullable().meta({ description: 'Of a workbook: the cell, as C7' }),
  code: z.string(),
  severity: z.enum(['blocks', 'unclear', 'note']),
  clear: z.enum(['people', 'work', 'time', 'results']).nullable(),
  message: z.string().meta({ description: 'What is wrong and what to do' }),
  value: z.string().nullable(),
});

const UnitMatch = z.union([
  z.strictObject({ kind: z.enum(['exact', 'alias']), unitId: Id }),
  z.strictObject({ kind: z.literal('group'), groupCode: z.string() }),
  z.strictObject({
    kind: z.literal('fuzzy'),
    candidates: z
      .array(
        z.strictObject({
          kind: z.enum(['unit', 'group']),
          ref: z.string(),
          name: z.string(),
          score: z.number(),
        }),
      )
      .readonly(),
  }),
  z.strictObject({ kind: z.literal('none') }),
]);

const ChosenUnits = z.union([
  z.strictObject({ units: z.array(z.string()).readonly() }),
  z.strictObject({ group: z.string() }),
  z.strictObject({ groups: z.array(z.string()).readonly() }),
  z.strictObject({ ignore: z.literal(true) }),
]);

export const ImportPreview = z
  .strictObject({
    sheet: z.string().nullable().meta({ description: 'Of a workbook: the sheet that was read' }),
    sheets: z
      .array(z.strictObject({ name: z.string(), hidden: z.boolean(), rows: n, looksLikePlan: z.boolean() }))
      .readonly(),
    encoding: z.string(),
    separator: z.string(),
    headerLine: n,
    titleLines: z.array(z.string()).readonly(),
    columns: z.array(z.strictObject({ index: n, name: z.string(), field: z.string().nullable() })).readonly(),
    rows: z
      .array(
        z.strictObject({
          line: n,
          kind: z.enum(['task', 'section']),
          status: z.enum(['blocked', 'unclear', 'past', 'ready', 'heading', 'skipped']),
          task: DirectiveTask.nullable(),
          section: z.string().nullable(),
          cells: z.array(z.string()).readonly(),
          findings: z.array(Finding).readonly(),
        }),
      )
      .readonly(),
    findings: z.array(Finding).readonly(),
    unitNames: z
      .array(
        z.strictObject({
          name: z.string(),
          usedIn: z
            .array(z.strictObject({ row: n, role: z.enum(['lead', 'coordinating', 'monitor']) }))
            .readonly(),
          match: UnitMatch,
          chosen: ChosenUnits.nullable(),
          asked: z.boolean().meta({ description: 'The import waits for an answer' }),
        }),
      )
      .readonly(),
    summary: z.strictObject({
      rows: n,
      tasks: n,
      sections: n,
      skipped: n,
      findings: z.record(z.string(), n),
      ready: n,
      unclear: n,
      past: n,
      blocked: n,
    }),
  })
  .meta({ id: 'ImportPreview' });

export const Import = z
  .strictObject({
    id: Id,
    state: z.enum(['previewed', 'applied']),
    fileName: z.string(),
    recordedAt: InstantText,
    directiveId: Id.nullable().meta({ description: 'The draft that applying made' }),
    choices: z
      .custom<object>((value) => typeof value === 'object' && value !== null)
      .meta({ type: 'object' }),
    number: z.string().nullable(),
    title: z.string(),
    documentDate: LocalDate.nullable(),
    preview: ImportPreview,
  })
  .meta({ id: 'Import' });
