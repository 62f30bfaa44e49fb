import type { Route } from '../route.js';
import { accessLogRoutes } from './access-log.js';
import { assignmentActRoutes } from './assignment-acts.js';
import { destructionRoutes } from './destructions.js';
import { directiveActRoutes } from './directive-acts.js';
import { directiveAmendRoutes } from './directive-amend.js';
import { directiveRehearseRoutes } from './directive-rehearse.js';
import { eventRoutes } from './events.js';
import { fileRoutes } from './files.js';
import { indicatorRoutes } from './indicators.js';
import { matterActRoutes } from './matter-acts.js';
import { meRoutes } from './me.js';
import { operationRoutes } from './operations.js';
import { peopleRoutes } from './people.js';
import { policyRoutes } from './policies.js';
import { readRoutes } from './reads.js';
import { referralActRoutes } from './referral-acts.js';
import { referralListRoutes } from './referral-lists.js';
import { regimeRoutes } from './regimes.js';
import { reorganisationRoutes } from './reorganisations.js';
import { reportRoutes } from './reports.js';
import { tokenRoutes } from './tokens.js';
import { webhookRoutes } from './webhooks.js';

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  ...meRoutes,
  ...tokenRoutes,
  ...directiveActRoutes,
  ...directiveAmendRoutes,
  ...directiveRehearseRoutes,
  ...assignmentActRoutes,
  ...matterActRoutes,
  ...referralActRoutes,
  ...referralListRoutes,
  ...policyRoutes,
  ...reportRoutes,
  ...regimeRoutes,
  ...readRoutes,
  ...indicatorRoutes,
  ...fileRoutes,
  ...destructionRoutes,
  ...peopleRoutes,
  ...reorganisationRoutes,
  ...operationRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...accessLogRoutes,
];
