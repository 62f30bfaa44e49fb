import type { AddressBook, PersonAddress } from '../db/address-store.js';
import type { DueItem } from '../db/outbox-store.js';

/** Where a message goes, and to whom as what. */
export interface Receiver {
  readonly address: string;
  readonly locale: 'vi' | 'en';
  readonly name: string;
  readonly unitId: string | null;
  readonly personId: string | null;
}

type Item = Pick<DueItem, 'recipientKind' | 'recipientUnitId' | 'workingGroupId' | 'assignment' | 'case'>;

/**
 * Who an office is today. A message to a person whom nobody can reach goes to the unit's own address; only an
 * office of people (the supervisors) has several receivers. None is an answer too: the item is then shown as
 * undeliverable.
 */
export function receiversOf(item: Item, book: AddressBook): Receiver[] {
  const unitId = item.recipientUnitId;
  switch (item.recipientKind) {
    case 'officer':
      return some(officer(item, book)) ?? unit(unitId, book);
    case 'head':
      return item.case === null ? headOf(unitId, book) : headsOf(item.case, unitId, book);
    case 'supervisor':
      return (
        some(holders(item, 'supervisor', book)) ?? unit(groupOf(item, book)?.supervisorUnitId ?? null, book)
      );
    case 'standing_agency':
    case 'home_affairs':
      return some(unit(unitId, book)) ?? holders(item, item.recipientKind, book);
    default:
      return unit(unitId, book);
  }
}

/** Who was named, as long as they serve in the unit; a deadline must not be told to somebody who has left it alone. */
function officer({ assignment, workingGroupId, recipientUnitId }: Item, book: AddressBook): Receiver[] {
  const personId = assignment?.officerId ?? '';
  const serves = book.actingFor.get(`${workingGroupId} ${personId}`) ?? [];
  if (recipientUnitId === null || !serves.includes(recipientUnitId)) return [];
  return person(book.people.get(personId), recipientUnitId);
}

function headOf(unitId: string | null, book: AddressBook): Receiver[] {
  return some(person(book.units.get(unitId ?? '')?.head, unitId)) ?? unit(unitId, book);
}

/**
 * A case is told to the head in office, to who was head on the day of the fact, whose right of reply it is, and, for
 * a unit that is no more, to those who answer in its place; its own office is empty then.
 */
function headsOf(
  { headId, answering }: NonNullable<Item['case']>,
  unitId: string | null,
  book: AddressBook,
): Receiver[] {
  const then = person(book.people.get(headId ?? ''), unitId);
  const now =
    answering.length === 0 ? headOf(unitId, book) : answering.flatMap((other) => headOf(other, book));
  return [...new Map([...now, ...then].map((one) => [one.address.toLowerCase(), one])).values()];
}

const some = (receivers: Receiver[]): Receiver[] | null => (receivers.length === 0 ? null : receivers);

const groupOf = (item: Item, book: AddressBook) => book.workingGroups.get(item.workingGroupId);

function person(found: PersonAddress | null | undefined, unitId: string | null): Receiver[] {
  const address = found?.email?.trim();
  if (found === null || found === undefined || !address) return [];
  return [{ address, locale: found.locale, name: found.name, unitId, personId: found.id }];
}

function unit(id: string | null, book: AddressBook): Receiver[] {
  const found = book.units.get(id ?? '');
  const address = found?.email?.trim();
  if (found === undefined || !address) return [];
  return [{ address, locale: 'vi', name: found.name, unitId: found.id, personId: null }];
}

function holders(item: Item, role: string, book: AddressBook): Receiver[] {
  const found = groupOf(item, book)?.holders.filter((holder) => holder.role === role) ?? [];
  const receivers = found.flatMap((holder) => person(holder.person, holder.unitId));
  return [...new Map(receivers.map((receiver) => [receiver.address.toLowerCase(), receiver])).values()];
}
