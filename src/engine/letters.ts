import type { AddressBook } from '../db/address-store.js';
import type { DueItem, ItemCopy, NewEnvelope, SealedItem } from '../db/outbox-store.js';
import { ENDED_STATES } from '../domain/assignment/state.js';
import { type Receiver, receiversOf } from './addresses.js';
import { newId } from './ids.js';
import type { LetterLine, LetterWriter } from './ports.js';

/** What a set of due items becomes. */
export interface Sealing {
  readonly envelopes: readonly NewEnvelope[];
  readonly items: readonly SealedItem[];
  readonly copies: readonly ItemCopy[];
}

export interface SealingOptions {
  readonly writer: LetterWriter;
  /** Right of the @ in a Message-ID. */
  readonly messageDomain: string;
  /** Lines that one letter shows; more are counted. */
  readonly linesPerLetter: number;
}

interface Delivery {
  readonly item: DueItem;
  readonly receiver: Receiver;
}

/**
 * Items of many receivers become letters: what has been overtaken is dropped, of one assignment's ladder the
 * highest rung is kept, the rest is joined, one letter per address. Pure but for new ids.
 */
export function seal(items: readonly DueItem[], book: AddressBook, options: SealingOptions): Sealing {
  const sealed = new Map<string, SealedItem>();
  const mark = (
    id: string,
    state: SealedItem['state'],
    note: string | null,
    envelopeId: string | null = null,
  ) => sealed.set(id, { id, state, note, envelopeId });
  const deliveries: Delivery[] = [];
  for (const item of items) {
    const overtaken = overtakenBy(item);
    if (overtaken !== null) {
      mark(item.id, 'superseded', overtaken);
      continue;
    }
    const all = receiversOf(item, book);
    // Acknowledging stops the repeats to that person alone; an office's own address is nobody in person.
    const receivers = all.filter(
      ({ personId }) => personId === null || !item.acknowledgedBy.includes(personId),
    );
    if (all.length > 0 && receivers.length === 0) {
      mark(item.id, 'superseded', 'the receiver has acknowledged this message');
      continue;
    }
    if (receivers.length === 0) mark(item.id, 'undeliverable', noAddress(item));
    deliveries.push(...receivers.map((receiver) => ({ item, receiver })));
  }
  const envelopes: NewEnvelope[] = [];
  const copies: ItemCopy[] = [];
  for (const group of byAddress(deliveries)) {
    const all = group.map(({ item }) => item);
    const kept = group.filter(({ item }) => !isCovered(item, all));
    const envelope = envelopeOf(kept, book, options);
    if (envelope === null) continue;
    envelopes.push(envelope);
    for (const { item, receiver } of kept) {
      const first = sealed.get(item.id);
      if (first?.state !== 'enveloped') mark(item.id, 'enveloped', null, envelope.id);
      else
        copies.push({
          id: newId(),
          of: item.id,
          receiver: receiver.personId ?? receiver.address,
          envelopeId: envelope.id,
        });
    }
  }
  for (const { item } of deliveries) {
    if (!sealed.has(item.id))
      mark(item.id, 'superseded', 'a higher step of the same assignment goes to the same receiver');
  }
  return { envelopes, items: [...sealed.values()], copies };
}

/** Why a message has nothing to tell or to ask for any more; null where it has. */
export function overtakenBy(item: DueItem): string | null {
  if (item.voided) return 'its step was marked void before the receiver’s hours opened';
  if (item.holds === 'while_current') return settledSince(item);
  if (item.holds === 'while_unanswered' && item.reported)
    return 'the report came, was excused or lapsed before the receiver’s hours opened';
  if (item.holds !== 'while_unanswered' || item.assignment === null) return null;
  const { state, cycle, paused } = item.assignment;
  if (state === 'submitted') return 'a result was submitted before the receiver’s hours opened';
  if (ENDED_STATES.some((ended) => ended === state)) return `the assignment has ended (${state})`;
  if (paused || state === 'suspended' || state === 'contested')
    return 'the clock of the assignment is stopped';
  if (item.cycle !== null && cycle !== item.cycle) return 'the assignment has a new deadline';
  return null;
}

/** What a notice or a clock speaks of may have gone on by the time the receiver's hours open. */
function settledSince({ params, assignment, matterState, directive }: DueItem): string | null {
  if (params.awaits === 'approval' && directive?.state !== 'awaiting_approval')
    return 'the draft is no longer before the supervisor';
  if (params.awaits === 'document' && directive?.provisional !== true)
    return 'its document has been entered since';
  if (assignment === null) return null;
  if (params.turn !== undefined && params.turn !== assignment.turn)
    return 'the result has changed hands since';
  if (params.matterId !== undefined && matterState !== null && !AWAITED.includes(matterState))
    return `it has been answered (${matterState})`;
  if (params.unacknowledged !== undefined && assignment.state !== 'assigned')
    return 'the unit has acknowledged since';
  return null;
}

/** States of a matter in which somebody's answer is awaited. */
const AWAITED: readonly string[] = ['requested', 'raised', 'forwarded', 'stated', 'asked', 'contested'];

function noAddress(item: DueItem): string {
  const where = item.recipientUnitId === null ? 'in the Working Group' : `of unit ${item.recipientUnitId}`;
  return `no e-mail address for ${item.recipientKind} ${where}`;
}

/** Working Groups write letters of their own; one address gets one letter of each. */
function byAddress(deliveries: readonly Delivery[]): Delivery[][] {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const key = `${delivery.item.workingGroupId} ${delivery.receiver.address.toLowerCase()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [delivery]);
    else group.push(delivery);
  }
  return [...groups.values()];
}

/** Of one assignment's ladder only the highest rung is told; notices of what happened stand beside it. */
export function isCovered(item: DueItem, group: readonly DueItem[]): boolean {
  const subject = item.assignmentId ?? item.obligationId;
  if (item.holds !== 'while_unanswered' || subject === null) return false;
  return group.some(
    (other) => (other.assignmentId ?? other.obligationId) === subject && other.rank > item.rank,
  );
}

function envelopeOf(
  group: readonly Delivery[],
  book: AddressBook,
  options: SealingOptions,
): NewEnvelope | null {
  // A person says in which language; an office's own address is written to in Vietnamese.
  const to = group.find(({ receiver }) => receiver.personId !== null) ?? group[0];
  if (to === undefined) return null;
  const { item, receiver } = to;
  const lines = linesOf(group);
  const workingGroup = book.workingGroups.get(item.workingGroupId);
  const written = options.writer.write({
    locale: receiver.locale,
    receiverName: receiver.name,
    workingGroupName: (receiver.locale === 'en' ? workingGroup?.nameEn : null) ?? workingGroup?.name ?? null,
    lines: lines.slice(0, options.linesPerLetter),
    further: Math.max(0, lines.length - options.linesPerLetter),
  });
  const id = newId();
  return {
    id,
    workingGroupId: item.workingGroupId,
    recipientKind: item.recipientKind,
    unitId: receiver.unitId,
    personId: receiver.personId,
    address: receiver.address,
    locale: receiver.locale,
    messageId: `<${id}@${options.messageDomain}>`,
    ...written,
  };
}

/** The highest first, then by deadline; what was meant for two offices of one address stands once. */
function linesOf(group: readonly Delivery[]): LetterLine[] {
  const sorted = group
    .map(({ item }) => item)
    .sort((one, other) => other.rank - one.rank || deadlineOf(one) - deadlineOf(other));
  const lines = new Map<string, LetterLine>();
  for (const item of sorted) {
    const key = JSON.stringify([item.template, item.assignmentId ?? item.directiveId, item.params]);
    if (!lines.has(key)) lines.set(key, lineOf(item));
  }
  return [...lines.values()];
}

function lineOf(item: DueItem): LetterLine {
  const text = (name: string): string | null => {
    const value = item.params[name];
    return value === undefined || value === null ? null : String(value);
  };
  const deadline = item.params.deadline;
  return {
    template: item.template,
    params: item.params,
    code: text('code') ?? item.code,
    title: text('title') ?? item.title,
    deadline: typeof deadline === 'number' ? deadline : (item.assignment?.dueAt ?? null),
    directiveNumber: text('directiveNumber') ?? item.directiveNumber,
    directiveTitle: text('directiveTitle') ?? item.directiveTitle,
    unitName: text('unitName') ?? item.unitName,
    assignmentId: item.assignmentId,
    directiveId: item.directiveId,
  };
}

function deadlineOf(item: DueItem): number {
  const deadline = item.params.deadline;
  return typeof deadline === 'number' ? deadline : (item.assignment?.dueAt ?? Number.POSITIVE_INFINITY);
}
