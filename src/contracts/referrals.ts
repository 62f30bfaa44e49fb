import { z } from 'zod';
import { Referral } from './cases.js';
import { commandBody, Document, Evidence } from './command.js';
import { Id, LocalDate, ShortText, Text } from './common.js';

/** What each act on a case asks for. */
export const Objection = commandBody({ text: Text, evidence: Evidence.optional() });
export const Opinion = commandBody({ text: Text });
export const ObjectionDecision = commandBody({ decision: z.enum(['uphold', 'reject']), text: Text });
export const Release = commandBody({ note: ShortText.optional() });
export const WithdrawReferral = commandBody({ reason: Text });
export const SupplementRequest = commandBody({ text: Text });
export const Supplement = commandBody({ text: Text, evidence: Evidence.optional() });
export const AcknowledgeReferral = commandBody({ note: ShortText.optional() });
export const Outcome = commandBody({ outcome: Text });
export const FactsCorrection = commandBody({ reason: Text });
export const OutcomeCorrection = commandBody({ outcome: Text, reason: Text });

/** Proposals of one closing date are one list, and one signed letter sends those of it that are named. */
export const ReferralList = z
  .strictObject({
    closingOn: LocalDate.meta({ description: 'The local date on which the time to object ends' }),
    counts: z.strictObject({
      cases: z.int(),
      objected: z.int(),
      held: z.int(),
      awaitingRelease: z.int(),
    }),
    cases: z.array(Referral).readonly(),
  })
  .meta({ id: 'ReferralList' });
export const ReferralLists = z
  .strictObject({ items: z.array(ReferralList).readonly() })
  .meta({ id: 'ReferralLists' });
export const ClosingParams = z.strictObject({ closingOn: LocalDate });
export const ListRelease = z.strictObject({
  referralIds: z.array(Id).min(1).max(500),
  note: ShortText.optional(),
  document: Document.meta({ description: 'The signed letter' }),
});
export const ReleasedCases = z
  .strictObject({ items: z.array(Referral).readonly() })
  .meta({ id: 'ReleasedCases' });
