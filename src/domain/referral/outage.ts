import type { OutageGap } from '../assignment/commands.js';
import { endOfNextWorkingDay } from '../calendar.js';
import type { CaseContext } from '../decision.js';
import { addDuration } from '../duration.js';
import { countsWindow } from './calendar.js';
import type { ReferralDecision } from './decide.js';
import type { Referral } from './state.js';

/** Who could not object because nothing could be accepted has until the end of the next working day. */
export function excuseWindow(r: Referral, gap: OutageGap, ctx: CaseContext): ReferralDecision {
  const { excuses, longerThan } = ctx.policy.outage;
  if (!excuses || addDuration(ctx.calendar, gap.from, longerThan) > gap.to) return { events: [] };
  const runs = r.state === 'proposed' || r.state === 'awaiting_release';
  if (!runs || !countsWindow(r) || r.windowEndsAt < gap.from || r.windowEndsAt > gap.to)
    return { events: [] };
  const windowEndsAt = endOfNextWorkingDay(ctx.calendar, gap.to);
  const previous = { windowEndsAt: r.windowEndsAt };
  return {
    events: [{ type: 'outage_excused', data: { at: ctx.receivedAt, ...gap, windowEndsAt, previous } }],
  };
}
