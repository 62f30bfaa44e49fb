import {
  loadPolicy,
  loadWorkingGroup,
  type StoredDirective,
  saveDirectiveState,
} from '../db/directive-store.js';
import type { Queryable } from '../db/pool.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import { inCommand } from './command.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { onDirective } from './directive-frame.js';
import type { Engine } from './engine.js';
import type { CommandRequest, Outcome } from './request.js';
import { type CaseSettings, calendarOf } from './settings.js';

const EVENTS = {
  request_approval: 'approval_requested',
  recall: 'approval_recalled',
  approve: 'approved',
  return: 'approval_returned',
} as const satisfies Record<string, DirectiveEvent['type']>;

/** The steps of approval, where the policy asks for one: who is asked, and who asked, are told of each. */
export async function approvalStep(
  engine: Engine,
  request: CommandRequest,
  id: string,
  action: keyof typeof EVENTS,
  input: { note?: string | undefined },
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, action, async (stored, at) => {
      const text = input.note === undefined ? {} : { text: { note: input.note } };
      const event: DirectiveEvent = { type: EVENTS[action], data: { at: at.happenedAt }, ...text };
      const settings = await draftSettings(tx.client, stored);
      const change = changeDirective(stored, [event], at, stored.standingAgencyId, settings);
      await flushDirective(tx.client, change, null);
      await saveDirectiveState(tx.client, change.state, change.headHash);
      return { status: 200, version: stored.rowVersion + 1 };
    }),
  );
}

/** Nothing of a draft is frozen yet: its messages go by the Working Group's present policy. */
async function draftSettings(db: Queryable, stored: StoredDirective): Promise<CaseSettings> {
  const group = await loadWorkingGroup(db, stored.state.workingGroupId);
  const policy = group === null ? null : await loadPolicy(db, group.policyId);
  if (group === null || policy === null) throw new Error(`Directive ${stored.state.id} has no Working Group`);
  const calendar = await calendarOf(db, { id: stored.calendarId, version: stored.calendarVersion });
  const { id: workingGroupId, standingAgencyId, homeAffairsId } = group;
  const directive = { workingGroupId, standingAgencyId, homeAffairsId };
  return { policy, calendar, officeCalendar: calendar, directive };
}
