import type { AddressBook } from '../db/address-store.js';
import type { Inbox, NewMessage } from '../db/message-store.js';
import type { DueItem } from '../db/outbox-store.js';
import { newId } from './ids.js';
import { isCovered, overtakenBy } from './letters.js';

/**
 * Items whose receiver's hours are open become messages within the product, beside the letters: what has been
 * overtaken is dropped and of one assignment's ladder the highest rung is kept, as there. They are not joined: each
 * is read and leads to what it is about by itself. Pure but for new ids.
 */
export function messagesOf(items: readonly DueItem[], book: AddressBook): NewMessage[] {
  const inboxes = new Map<string, { inbox: Inbox; items: DueItem[] }>();
  for (const item of items) {
    if (overtakenBy(item) !== null) continue;
    for (const inbox of inboxesOf(item, book)) {
      // Who has acknowledged is not told again; an office is, for it is several people.
      if (inbox.personId !== null && item.acknowledgedBy.includes(inbox.personId)) continue;
      const key = JSON.stringify([item.workingGroupId, inbox.role, inbox.unitId, inbox.personId]);
      const known = inboxes.get(key);
      if (known === undefined) inboxes.set(key, { inbox, items: [item] });
      else known.items.push(item);
    }
  }
  return [...inboxes.values()].flatMap(({ inbox, items: group }) =>
    once(group.filter((item) => !isCovered(item, group))).map((item) => message(item, inbox)),
  );
}

function message(item: DueItem, inbox: Inbox): NewMessage {
  const { deadline } = item.params;
  return {
    ...inbox,
    id: newId(),
    itemId: item.id,
    workingGroupId: item.workingGroupId,
    deadline: typeof deadline === 'number' ? deadline : (item.assignment?.dueAt ?? null),
    knownTo: inbox.personId === null ? [...new Set(item.acknowledgedBy)] : [],
  };
}

/** What was meant for two offices of one inbox stands once. */
function once(items: readonly DueItem[]): DueItem[] {
  const said = new Map<string, DueItem>();
  for (const item of items) {
    const { template, assignmentId, obligationId, directiveId, params } = item;
    const key = JSON.stringify([template, assignmentId ?? obligationId ?? directiveId, params]);
    if (!said.has(key)) said.set(key, item);
  }
  return [...said.values()];
}

/**
 * Whose inboxes a message comes to. A person's where that person works in the unit here; else the office's, which
 * reads what a head without a grant would never see.
 */
function inboxesOf(item: DueItem, book: AddressBook): Inbox[] {
  const { recipientKind, recipientUnitId: unitId, workingGroupId, assignment } = item;
  switch (recipientKind) {
    case 'supervisor':
    case 'standing_agency':
    case 'home_affairs':
      return [{ role: recipientKind, unitId: null, personId: null }];
    case 'monitor':
      return unitId === book.workingGroups.get(workingGroupId)?.standingAgencyId
        ? [{ role: 'standing_agency', unitId: null, personId: null }]
        : inUnit(unitId);
    case 'officer':
      return inUnit(unitId, actingIn(assignment?.officerId, unitId, workingGroupId, book));
    case 'head':
      return item.case === null ? headOf(unitId, workingGroupId, book) : headsOf(item, item.case, book);
    default:
      return inUnit(unitId);
  }
}

function headOf(unitId: string | null, workingGroupId: string, book: AddressBook): Inbox[] {
  const head = book.units.get(unitId ?? '')?.head?.id;
  return inUnit(unitId, actingIn(head, unitId, workingGroupId, book));
}

/**
 * A case is told to the head in office, or to those who answer in the place of a unit that is no more, and to who was
 * head on the day of the fact, in whichever unit that person works now.
 */
function headsOf(
  { recipientUnitId: unitId, workingGroupId }: DueItem,
  { headId, answering }: NonNullable<DueItem['case']>,
  book: AddressBook,
): Inbox[] {
  const units = answering.length === 0 ? [unitId] : answering;
  const now = units.flatMap((unit) => headOf(unit, workingGroupId, book));
  const grants = headId === null ? [] : (book.actingFor.get(`${workingGroupId} ${headId}`) ?? []);
  const place = grants.find((unit) => unit === unitId) ?? grants[0];
  const then = place === undefined ? [] : inUnit(place, headId);
  return then.some(({ personId }) => now.some((one) => one.personId === personId)) ? now : [...now, ...then];
}

const inUnit = (unitId: string | null, personId: string | null = null): Inbox[] =>
  unitId === null ? [] : [{ role: 'unit', unitId, personId }];

function actingIn(
  personId: string | null | undefined,
  unitId: string | null,
  workingGroupId: string,
  book: AddressBook,
): string | null {
  if (personId === null || personId === undefined || unitId === null) return null;
  const units = book.actingFor.get(`${workingGroupId} ${personId}`) ?? [];
  return units.includes(unitId) ? personId : null;
}
