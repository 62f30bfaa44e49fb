import { z } from 'zod';
import { REORGANISATION_KINDS } from '../domain/reorganisation/plan.js';
import { Document } from './command.js';
import { Id, InstantText, LocalDate, ShortText, UnitRef } from './common.js';

const Kind = z.enum(REORGANISATION_KINDS);
const Units = z.array(Id).max(500);

export const ReorganisationInput = z
  .strictObject({
    kind: Kind,
    effectiveOn: LocalDate.meta({ description: 'The first day on which it holds, by local time' }),
    document: Document.omit({ arrivedAt: true }),
    reason: ShortText,
    fromUnitIds: Units.min(1).meta({ description: 'Units that end on that day, or that is renamed' }),
    toUnitIds: Units.default([]).meta({
      description: 'Their successors: one of a merger, several of a division',
    }),
    caretakerId: Id.nullable().default(null).meta({
      description: 'Takes what nobody was named for; left out: the first successor',
    }),
    newName: ShortText.nullable().default(null),
    newNameEn: ShortText.nullable().default(null),
  })
  .meta({ id: 'ReorganisationInput' });

export const AllotmentsInput = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          assignmentId: Id,
          unitId: Id.nullable().meta({ description: 'A successor; null takes what was said before back' }),
        }),
      )
      .min(1)
      .max(1_000),
  })
  .meta({ id: 'AllotmentsInput' });

const fields = {
  id: Id,
  version: z.int(),
  kind: Kind,
  state: z.enum(['planned', 'running', 'done', 'cancelled']),
  effectiveOn: LocalDate,
  document: z.strictObject({ number: z.string(), date: LocalDate, signer: z.string().optional() }),
  reason: z.string(),
  from: z.array(UnitRef).readonly(),
  to: z.array(UnitRef).readonly(),
  caretaker: UnitRef.nullable(),
  newName: z.string().nullable(),
  newNameEn: z.string().nullable(),
  plannedAt: InstantText,
  doneAt: InstantText.nullable(),
  moved: z.int().meta({ description: 'Assignments moved so far, of all Working Groups' }),
};
export const ReorganisationSummary = z.strictObject(fields).meta({ id: 'ReorganisationSummary' });
export const Reorganisations = z
  .strictObject({ items: z.array(ReorganisationSummary).readonly() })
  .meta({ id: 'Reorganisations' });

const OpenNumbers = z
  .strictObject({
    assignments: z.int().meta({ description: 'Led by a unit that ends, and open' }),
    awaitingConfirmation: z.int(),
    unallotted: z.int().meta({ description: 'Of these, with no successor named' }),
    cases: z.int(),
    reports: z.int().meta({ description: 'Owed and not sent' }),
    regimes: z.int().meta({ description: 'Reporting regimes that name such a unit itself' }),
    contributions: z.int().meta({ description: 'Asked of such a unit and not answered' }),
    obstacles: z.int().meta({ description: 'Waiting for such a unit to answer' }),
    coordinated: z.int(),
    monitored: z.int().meta({ description: 'Open assignments that such a unit confirms' }),
    offices: z.int().meta({ description: '1 where such a unit is an office of the Working Group' }),
    people: z.int().meta({ description: 'With a grant in such a unit' }),
    heads: z.int().meta({ description: 'Terms of office that run' }),
    subunits: z.int(),
  })
  .meta({ id: 'ReorganisationOpen' });

export const Reorganisation = z
  .strictObject({
    ...fields,
    open: OpenNumbers.nullable().meta({
      description: 'In the caller’s Working Group; null for who reads none, and when it is over',
    }),
    allotments: z.array(z.strictObject({ assignmentId: Id, unitId: Id })).readonly(),
    stuck: z
      .array(z.strictObject({ assignmentId: Id, code: z.string(), detail: z.string(), at: InstantText }))
      .readonly()
      .meta({ description: 'What could not be moved, and why, the first 500; it is tried again' }),
  })
  .meta({ id: 'Reorganisation' });
