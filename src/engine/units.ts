import {
  endRunningTerm,
  headTerms,
  insertHeads,
  insertPeople,
  insertUnit,
  isAncestor,
  lockUnit,
  type UnitRow,
  type UnitWrite,
  updateUnit,
} from '../db/directory-store.js';
import { insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { regimesOwedBy } from '../db/report-store.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, versionChanged, wrongField } from '../domain/errors.js';
import type { Origin } from './access-log.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { administrator, noted } from './people.js';
import type { CommandRequest, Outcome } from './request.js';

/** What an administrator says of a unit; what is left out keeps its value, or its default for a new one. */
export interface UnitFields {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | null | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly groupCode: string;
  readonly parentId?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly validFrom?: string | undefined;
  readonly validTo?: string | null | undefined;
}
export type UnitChanges = { readonly [Field in keyof UnitFields]?: UnitFields[Field] | undefined };

const LONG_AGO = '1900-01-01';

/** A new unit of the installation; its code is unique. */
export async function createUnit(
  engine: Engine,
  request: CommandRequest,
  fields: UnitFields,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const unit = merged(
      {
        id: newId(),
        code: fields.code,
        name: fields.name,
        nameEn: null,
        aliases: [],
        groupCode: fields.groupCode,
        parentId: null,
        email: null,
        validFrom: LONG_AGO,
        validTo: null,
      },
      fields,
    );
    checkDates(unit);
    const row = await insertUnit(tx.client, unit);
    await noted(tx, actor, origin, 'unit_changed', { kind: 'unit', id: row.id }, { made: written(unit) });
    return { status: 201, subjectId: row.id, version: row.row_version };
  });
}

/** An edit of what was read as version `ifMatch`. */
export async function editUnit(
  engine: Engine,
  request: CommandRequest,
  id: string,
  changes: UnitChanges,
  { ifMatch, origin }: { readonly ifMatch: number; readonly origin: Origin },
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    const before = await lockUnit(tx.client, id);
    if (before === null) throw refused(notFound());
    if (before.row_version !== ifMatch)
      throw refused(versionChanged({ vi: 'Đơn vị', en: 'unit' }, before.row_version));
    const unit = merged(writeOf(before), changes);
    checkDates(unit);
    if (unit.parentId !== null && (await isAncestor(tx.client, id, unit.parentId))) {
      throw refused(
        wrongField('/parentId', 'cycle', {
          vi: 'Đơn vị cấp trên không thể là chính nó hoặc cấp dưới của nó.',
          en: 'A unit cannot stand under itself.',
        }),
      );
    }
    const row = await updateUnit(tx.client, unit);
    if (unit.validTo !== before.valid_to) await wakeRegimesOf(tx.client, [id]);
    const detail = changedFields(writeOf(before), unit);
    await noted(tx, actor, origin, 'unit_changed', { kind: 'unit', id }, detail);
    return { status: 200, subjectId: id, version: row.row_version };
  });
}

/** Conductors look at what the units owe, and wait for their end; they would find it at their next step without this. */
export async function wakeRegimesOf(db: Queryable, unitIds: readonly string[]): Promise<void> {
  const ids = await regimesOwedBy(db, unitIds);
  await insertWakes(
    db,
    ids.map((conductorId) => ({ conductorKind: 'reportingCycle', conductorId, reason: 'earlier' })),
  );
}

function merged(unit: UnitWrite, changes: UnitChanges): UnitWrite {
  const kept = <T>(change: T | undefined, value: T): T => (change === undefined ? value : change);
  return {
    id: unit.id,
    code: kept(changes.code, unit.code),
    name: kept(changes.name, unit.name),
    nameEn: kept(changes.nameEn, unit.nameEn),
    aliases: kept(changes.aliases, unit.aliases),
    groupCode: kept(changes.groupCode, unit.groupCode),
    parentId: kept(changes.parentId, unit.parentId),
    email: kept(changes.email, unit.email),
    validFrom: kept(changes.validFrom, unit.validFrom),
    validTo: kept(changes.validTo, unit.validTo),
  };
}

/** A unit as it is written. */
export function writeOf(row: UnitRow): UnitWrite {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    nameEn: row.name_en,
    aliases: row.aliases,
    groupCode: row.group_code,
    parentId: row.parent_id,
    email: row.email,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  };
}

/** What an edit changed, before and after: ids, codes, dates and names of the directory, no words of people. */
function changedFields(before: UnitWrite, after: UnitWrite): Record<string, unknown> {
  const [was, is] = [written(before), written(after)];
  const changed = Object.keys(is).filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]));
  return Object.fromEntries(
    changed.map((field) => [field, { before: was[field] ?? null, after: is[field] ?? null }]),
  );
}

const written = ({ id: _id, ...fields }: UnitWrite): Readonly<Record<string, unknown>> => fields;

/** A head's term: of somebody known already, or of somebody new. */
export interface HeadTermFields {
  readonly personId?: string | undefined;
  readonly person?:
    | { readonly name: string; readonly email?: string | null | undefined; readonly locale: 'vi' | 'en' }
    | undefined;
  readonly validFrom: string;
  readonly validTo?: string | null | undefined;
}

/**
 * Begins a term of office. The running term, if it began earlier, ends that day; a term that would overlap
 * another is refused, for each fact belongs to one head.
 */
export async function beginHeadTerm(
  engine: Engine,
  request: CommandRequest,
  unitId: string,
  fields: HeadTermFields,
  origin: Origin,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const actor = administrator(tx);
    if ((await lockUnit(tx.client, unitId)) === null) throw refused(notFound());
    const term = { validFrom: fields.validFrom, validTo: fields.validTo ?? null };
    checkDates(term);
    const others = (await headTerms(tx.client, unitId)).filter(
      (other) => other.valid_to !== null || other.valid_from >= term.validFrom,
    );
    if (others.some((other) => overlaps(term, other))) throw refused(overlapping());
    const personId = fields.personId ?? newId();
    if (fields.person !== undefined) {
      const { name, email = null, locale } = fields.person;
      await insertPeople(tx.client, [{ id: personId, name, email, locale }]);
    }
    await endRunningTerm(tx.client, unitId, term.validFrom);
    const id = newId();
    await insertHeads(tx.client, [{ id, unitId, personId, ...term }]);
    const detail = { termId: id, personId, ...term };
    await noted(tx, actor, origin, 'head_term_begun', { kind: 'unit', id: unitId }, detail);
    return { status: 201, subjectId: id, version: null };
  });
}

interface Term {
  readonly validFrom: string;
  readonly validTo: string | null;
}

function overlaps(term: Term, other: { valid_from: string; valid_to: string | null }): boolean {
  const begins = (date: string, end: string | null): boolean => end === null || date < end;
  return begins(term.validFrom, other.valid_to) && begins(other.valid_from, term.validTo);
}

function checkDates({ validFrom, validTo }: Term): void {
  if (validTo === null || validTo > validFrom) return;
  throw refused(
    wrongField('/validTo', 'not_after', {
      vi: 'Phải sau validFrom.',
      en: 'Must be after validFrom.',
    }),
  );
}

function overlapping(): Refusal {
  return wrongField('/validFrom', 'overlaps', {
    vi: 'Trùng với nhiệm kỳ khác của đơn vị.',
    en: 'Overlaps another term of this unit.',
  });
}
