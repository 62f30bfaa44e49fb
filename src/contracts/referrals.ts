import { z } from 'zod';
import { commandBody, Evidence } from './command.js';
import { ShortText, Text } from './common.js';

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
export const OutcomeCorrection = commandBody({ outcome: Text, reason: Text });
