import type { Route } from '../route.js';
import { assignmentReadRoutes } from './assignments-read.js';
import { calendarRoutes } from './calendars.js';
import { countRoutes } from './counts.js';
import { deadLetterRoutes } from './dead-letters.js';
import { deadlineFeedRoutes } from './deadline-feed.js';
import { deadlineRoutes } from './deadlines.js';
import { directiveReadRoutes } from './directives-read.js';
import { escalationRoutes } from './escalations.js';
import { importRoutes } from './imports.js';
import { matterRoutes } from './matters.js';
import { messageRoutes } from './messages.js';
import { outageRoutes } from './outages.js';
import { referralReadRoutes } from './referrals-read.js';
import { unitRoutes } from './units.js';

/** What is read, the directory, and plans that come in. */
export const readRoutes: readonly Route[] = [
  ...directiveReadRoutes,
  ...assignmentReadRoutes,
  ...matterRoutes,
  ...escalationRoutes,
  ...messageRoutes,
  ...referralReadRoutes,
  ...countRoutes,
  ...unitRoutes,
  ...calendarRoutes,
  ...deadlineRoutes,
  ...deadlineFeedRoutes,
  ...deadLetterRoutes,
  ...outageRoutes,
  ...importRoutes,
];
