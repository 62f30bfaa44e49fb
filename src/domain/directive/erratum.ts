import type { DocumentReference } from '../actor.js';
import { canonical } from '../canonical.js';
import { type Refusal, refuse } from '../errors.js';
import type { DirectiveContent, DraftTask } from './draft.js';
import { type FrozenDirective, plannedCount } from './freeze.js';

/** What may be wrong about a signed document though the work it orders is right. */
export interface ErratumInput {
  readonly number?: string | undefined;
  readonly documentDate?: string | undefined;
  readonly signer?: string | null | undefined;
  readonly issuer?: string | null | undefined;
  readonly parents?: readonly DocumentReference[] | undefined;
  /** Documents of single tasks, by the task's id. */
  readonly tasks?: readonly { readonly id: string; readonly source: DraftTask['source'] }[] | undefined;
}

/** One thing that was put right: what it said and what it says. */
export interface Correction {
  readonly pointer: string;
  readonly from: unknown;
  readonly to: unknown;
}

const FIELDS = ['number', 'documentDate', 'signer', 'issuer', 'parents'] as const;

/**
 * Puts the references of an issued directive right, in a version of its own: before and after stay visible. No
 * deadline moves by an erratum, also where the date of the document was what a phrase was read by: whoever wants
 * that amends.
 */
export function correct(
  before: FrozenDirective,
  content: DirectiveContent,
  input: ErratumInput,
):
  | {
      readonly next: FrozenDirective;
      readonly content: DirectiveContent;
      readonly corrections: readonly Correction[];
    }
  | Refusal {
  const corrections: Correction[] = [];
  const note = (pointer: string, from: unknown, to: unknown): void => {
    if (canonical(from) !== canonical(to)) corrections.push({ pointer, from, to });
  };
  for (const field of FIELDS) {
    const to = input[field];
    if (to !== undefined) note(`/${field}`, content[field], to);
  }
  const sources = new Map(input.tasks?.map(({ id, source }) => [id, source]));
  for (const task of content.tasks) {
    if (sources.has(task.id)) note(`/tasks/${task.id}/source`, task.source, sources.get(task.id) ?? null);
  }
  const unknown = [...sources.keys()].filter((id) => !content.tasks.some((task) => task.id === id));
  if (unknown.length > 0) return unknownTasks(unknown);
  if (corrections.length === 0) return nothingToCorrect();
  const given = Object.fromEntries(
    FIELDS.flatMap((field) => (input[field] === undefined ? [] : [[field, input[field]]])),
  );
  const corrected = (task: DraftTask): DraftTask =>
    sources.has(task.id) ? { ...task, source: sources.get(task.id) ?? null } : task;
  return {
    corrections,
    content: { ...content, ...given, tasks: content.tasks.map(corrected) },
    next: {
      ...before,
      version: before.version + 1,
      base: plannedCount(before),
      content: { ...before.content, ...given },
      tasks: before.tasks.map((frozen) => ({ ...frozen, task: corrected(frozen.task), brings: [] })),
    },
  };
}

function unknownTasks(ids: readonly string[]): Refusal {
  const detail = {
    vi: `Văn bản không có nhiệm vụ ${ids.join(', ')}.`,
    en: `The directive has no task ${ids.join(', ')}.`,
  };
  return refuse('reference_unknown', detail);
}

function nothingToCorrect(): Refusal {
  return refuse('invalid_body', {
    vi: 'Đính chính không thay đổi điều gì.',
    en: 'The erratum changes nothing.',
  });
}
