import { z } from 'zod';
import { DIRECTIVE_ACTIONS } from '../domain/directive/decide.js';
import { ResultShape } from './assignment-resource.js';
import { Id, InstantText, LocalDate, leftOut, UnitRef } from './common.js';
import { PastFact } from './past.js';
import {
  actionOf,
  DirectiveStateName,
  DocumentRef,
  JsonObjectOrNull,
  namesOf,
  TaskKind,
  TaskNature,
} from './resources.js';

/** A task as it was drafted. */
export const DirectiveTask = z
  .strictObject({
    id: Id,
    code: z.string().nullable(),
    title: z.string(),
    titleEn: z.string().nullable(),
    nature: TaskNature,
    recurrence: z.enum(['one_off', 'regular']),
    kind: TaskKind,
    leadUnitIds: z.array(Id).readonly(),
    severalLeads: z.enum(['each_leads', 'first_leads']).nullable(),
    groupCodes: z.array(z.string()).readonly(),
    coordinatingUnitIds: z.array(Id).readonly(),
    monitorUnitId: Id.nullable(),
    deadline: z.strictObject({
      phrase: z.string(),
      rule: JsonObjectOrNull,
      past: z
        .union([
          z.strictObject({
            answer: z.literal('carry_over'),
            newPhrase: z.string(),
            newRule: JsonObjectOrNull,
          }),
          z.strictObject({ answer: z.literal('take_over') }),
        ])
        .nullable(),
    }),
    result: ResultShape.nullable(),
    targets: z.array(z.strictObject({ unitId: Id, numerator: z.number() })).readonly(),
    source: z
      .strictObject({ number: z.string(), date: z.string().nullable(), url: z.string().nullable() })
      .nullable(),
    importRow: z.number().int().nullable(),
    asTyped: z.strictObject({
      leads: z.string().nullable(),
      coordinating: z.string().nullable(),
      result: z.string().nullable(),
    }),
    keepUnclear: z.boolean(),
    previousTaskId: Id.nullable(),
    history: leftOut(z.array(PastFact).readonly()),
  })
  .meta({ id: 'DirectiveTask' });

export const Directive = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    state: DirectiveStateName,
    number: z.string().nullable(),
    title: z.string(),
    documentDate: LocalDate.nullable(),
    signer: z.string().nullable(),
    issuer: z.string().nullable(),
    parents: z.array(DocumentRef).readonly(),
    parentAssignmentId: Id.nullable(),
    carriesOn: z
      .strictObject({
        assignmentId: Id,
        state: z.string(),
        until: InstantText.nullable().meta({ description: 'No deadline of the directive passes it' }),
        unit: UnitRef,
        task: z.strictObject({ code: z.string().nullable(), title: z.string() }),
        directive: z.strictObject({ number: z.string().nullable(), title: z.string() }),
      })
      .nullable()
      .meta({ description: 'The superior assignment that it carries on; null for units' }),
    provisional: z.boolean(),
    endsOn: LocalDate.nullable(),
    approved: z.boolean(),
    standingAgency: UnitRef,
    frozenVersion: z.number().int(),
    issuedAt: InstantText.nullable(),
    endedAt: InstantText.nullable(),
    calendar: z.strictObject({ id: z.string(), version: z.number().int() }),
    counts: z
      .strictObject({
        planned: z.number().int().nullable(),
        assigned: z.number().int(),
        open: z.number().int(),
        unclear: z.number().int().nullable(),
      })
      .meta({ description: 'A unit counts what it may read; the rest is null' }),
    nextStep: z
      .strictObject({ step: z.string(), at: InstantText })
      .nullable()
      .meta({ description: 'The clock on the standing agency that runs out next; null for units' }),
    tasks: z
      .array(DirectiveTask)
      .readonly()
      .nullable()
      .meta({ description: 'For who reads the whole directive; null in lists' }),
    allowedActions: z.array(actionOf(namesOf(DIRECTIVE_ACTIONS))).readonly(),
  })
  .meta({ id: 'Directive' });
