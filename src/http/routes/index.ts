import type { Route } from '../route.js';
import { meRoutes } from './me.js';

/** Every route of the API. */
export const ROUTES: readonly Route[] = [...meRoutes];
