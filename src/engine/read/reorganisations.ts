import { readUnitRefs } from '../../db/read/directory.js';
import {
  allotmentsOf,
  listReorganisations,
  type OpenNumbers,
  openNumbers,
  readReorganisation,
  type StoredReorganisation,
  stuckOf,
} from '../../db/reorganisation-store.js';
import type { DocumentReference, Role } from '../../domain/actor.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import type { ReorganisationKind, ReorganisationState } from '../../domain/reorganisation/plan.js';
import type { Engine } from '../engine.js';
import { inLocale, iso, isoOrNull, look, type UnitRef, type Viewer } from './view.js';

export interface ReorganisationView {
  readonly id: string;
  readonly version: number;
  readonly kind: ReorganisationKind;
  readonly state: ReorganisationState;
  readonly effectiveOn: string;
  readonly document: DocumentReference;
  readonly reason: string;
  readonly from: readonly UnitRef[];
  readonly to: readonly UnitRef[];
  readonly caretaker: UnitRef | null;
  readonly newName: string | null;
  readonly newNameEn: string | null;
  readonly plannedAt: string;
  readonly doneAt: string | null;
  readonly moved: number;
}

export interface ReorganisationDetail extends ReorganisationView {
  /** Of the reader's Working Group; null for who reads no such numbers, and for a plan that is over. */
  readonly open: OpenNumbers | null;
  readonly allotments: readonly { readonly assignmentId: string; readonly unitId: string }[];
  readonly stuck: readonly {
    readonly assignmentId: string;
    readonly code: string;
    readonly detail: string;
    readonly at: string;
  }[];
}

/** All of them, the latest day first. */
export async function reorganisations(
  engine: Engine,
  viewer: Viewer,
): Promise<readonly ReorganisationView[]> {
  return look(engine, viewer, async (client) => {
    const rows = await listReorganisations(client);
    const units = await readUnitRefs(client, rows.flatMap(unitsOf));
    return rows.map((row) => viewOf(row, units));
  });
}

const COUNTING: readonly Role[] = ['administrator', 'standing_agency', 'supervisor'];

/** One, with what is still open of its units in the reader's Working Group. */
export async function getReorganisation(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<ReorganisationDetail | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const row = await readReorganisation(client, id);
    if (row === null) return null;
    const units = await readUnitRefs(client, unitsOf(row));
    const stuck = (await stuckOf(client, id)).map(({ detail, at, ...rest }) => ({
      ...rest,
      detail: inLocale(detail, viewer.locale),
      at: iso(at),
    }));
    return { row, view: { ...viewOf(row, units), allotments: await allotmentsOf(client, id), stuck } };
  });
  if (found === null) return notFound();
  const { row, view } = found;
  const counts = COUNTING.includes(viewer.actor.role) && (row.state === 'planned' || row.state === 'running');
  // Numbers alone, which an administrator needs and who reads no dossier may have.
  const open = counts ? await openNumbers(engine.writer, row, viewer.actor.workingGroupId) : null;
  return { ...view, open };
}

const unitsOf = ({ fromUnitIds, toUnitIds, caretakerId }: StoredReorganisation): string[] => [
  ...fromUnitIds,
  ...toUnitIds,
  ...(caretakerId === null ? [] : [caretakerId]),
];

function viewOf(row: StoredReorganisation, units: ReadonlyMap<string, UnitRef>): ReorganisationView {
  const named = (ids: readonly string[]): UnitRef[] => ids.flatMap((id) => units.get(id) ?? []);
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    state: row.state,
    effectiveOn: row.effectiveOn,
    document: row.document,
    reason: row.reason,
    from: named(row.fromUnitIds),
    to: named(row.toUnitIds),
    caretaker: row.caretakerId === null ? null : (units.get(row.caretakerId) ?? null),
    newName: row.newName,
    newNameEn: row.newNameEn,
    plannedAt: iso(row.plannedAt),
    doneAt: isoOrNull(row.doneAt),
    moved: row.moved,
  };
}
