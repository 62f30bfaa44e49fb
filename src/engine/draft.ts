import { loadCalendar, loadWorkingGroup, saveDirective } from '../db/directive-store.js';
import { notFound } from '../domain/assignment/access.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import { secretRefusal } from '../domain/directive/secret.js';
import { type CommandTx, circumstances, refused } from './command.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { contentDigest } from './directive-frame.js';
import { newId } from './ids.js';
import { refuseForeignParent } from './links.js';

/** Writes a new draft within a command that has begun, so that what goes with it commits with it. */
export async function draftIn(
  tx: CommandTx,
  workingGroupId: string,
  content: DirectiveContent,
): Promise<string> {
  refuseSecret(content);
  const { client } = tx;
  const group = await loadWorkingGroup(client, workingGroupId);
  if (group === null) throw refused(notFound());
  const calendar = await loadCalendar(client, group.calendarId, 'latest');
  if (calendar === null) throw new Error(`Working Group ${group.id} has no calendar ${group.calendarId}`);
  const id = newId();
  await refuseForeignParent(client, group, id, content);
  const at = circumstances(tx, 0);
  const event: DirectiveEvent = {
    type: 'drafted',
    data: {
      at: at.happenedAt,
      id,
      workingGroupId: group.id,
      digest: contentDigest(content),
      tasks: content.tasks.length,
    },
  };
  const change = changeDirective(null, [event], at, group.standingAgencyId, null);
  await saveDirective(client, {
    state: change.state,
    content,
    headHash: change.headHash,
    rowVersion: 1,
    standingAgencyId: group.standingAgencyId,
    calendarId: calendar.id,
    calendarVersion: calendar.version,
  });
  await flushDirective(client, change, null);
  return id;
}

/** Classified content is refused wherever it is typed. */
export function refuseSecret(content: DirectiveContent): void {
  const refusal = secretRefusal(content);
  if (refusal !== null) throw refused(refusal);
}
