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

type Item = Pick<DueItem, 'recipientKind' | 'recipientUnitId' | 'workingGroupId' | 'assignment'>;

/**
 * Who an office is today. A message to a person whom nobody can reach goes to the unit's own address; only an
 * office of people (the supervisors) has several receivers. None is an answer too: the item is then shown as
 * undeliverable.
 */
export function receiversOf(item: Item, book: AddressBook): Receiver[] {
  const unitId = item.recipientUnitId;
  switch (item.recipientKind) {
    case 'officer':
      return some(person(book.people.get(item.assignment?.officerId ?? ''), unitId)) ?? unit(unitId, book);
    case 'head':
      return some(person(book.units.get(unitId ?? '')?.head, unitId)) ?? unit(unitId, book);
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
