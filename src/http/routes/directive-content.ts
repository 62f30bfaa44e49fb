import type { z } from 'zod';
import type { DirectiveDraft, DraftTaskInput } from '../../contracts/directives.js';
import type { DocumentReference } from '../../domain/actor.js';
import { parseDeadline } from '../../domain/deadline/parse.js';
import type { DeadlineRule } from '../../domain/deadline/rule.js';
import type { DirectiveContent, DraftTask, PastAnswer } from '../../domain/directive/draft.js';
import { newId } from '../../engine/ids.js';

type Draft = z.output<typeof DirectiveDraft>;
type TaskInput = z.output<typeof DraftTaskInput>;

/** A draft with the fields that were sent put over what it held; phrases are read again with its date. */
export function contentWith(before: DirectiveContent, sent: Draft): DirectiveContent {
  const documentDate = sent.documentDate === undefined ? before.documentDate : sent.documentDate;
  const tasks = sent.tasks?.map(taskOf) ?? before.tasks;
  return {
    number: sent.number === undefined ? before.number : sent.number,
    title: sent.title ?? before.title,
    documentDate,
    signer: sent.signer === undefined ? before.signer : sent.signer,
    issuer: sent.issuer === undefined ? before.issuer : sent.issuer,
    parents: sent.parents?.map(referenceOf) ?? before.parents,
    parentAssignmentId:
      sent.parentAssignmentId === undefined ? (before.parentAssignmentId ?? null) : sent.parentAssignmentId,
    provisional: sent.provisional ?? before.provisional,
    endsOn: sent.endsOn === undefined ? before.endsOn : sent.endsOn,
    // A date without a year means the next one after the document, so a new date may mean other deadlines.
    tasks: tasks.map((task) => withRules(task, documentDate)),
  };
}

export function referenceOf({
  number,
  date,
  signer,
}: {
  number: string;
  date: string;
  signer?: string | undefined;
}): DocumentReference {
  return signer === undefined ? { number, date } : { number, date, signer };
}

function taskOf({ id, deadline, ...rest }: TaskInput): DraftTask {
  const past: PastAnswer | null =
    deadline.past?.answer === 'carry_over'
      ? { answer: 'carry_over', newPhrase: deadline.past.newPhrase, newRule: null }
      : deadline.past;
  return { ...rest, id: id ?? newId(), deadline: { phrase: deadline.phrase, rule: null, past } };
}

function withRules(task: DraftTask, documentDate: string | null): DraftTask {
  const { phrase, past } = task.deadline;
  return {
    ...task,
    deadline: {
      phrase,
      rule: ruleOf(phrase, task.source?.date ?? documentDate),
      past: past?.answer === 'carry_over' ? { ...past, newRule: ruleOf(past.newPhrase, null) } : past,
    },
  };
}

function ruleOf(phrase: string, documentDate: string | null): DeadlineRule | null {
  const parsed = parseDeadline(phrase, { documentDate });
  return parsed.ok ? parsed.rule : null;
}
