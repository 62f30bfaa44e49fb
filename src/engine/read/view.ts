import type pg from 'pg';
import type { UnitRefRow } from '../../db/read/rows.js';
import { type Scope, withScope } from '../../db/transaction.js';
import type { PersonActor } from '../../domain/actor.js';
import type { Bilingual, Refusal } from '../../domain/errors.js';
import type { Instant } from '../../domain/instant.js';
import type { Engine } from '../engine.js';

export type Locale = 'vi' | 'en';

/** Whose eyes a read has, and in which language it answers. */
export interface Viewer {
  readonly actor: PersonActor;
  readonly locale: Locale;
}

export type UnitRef = UnitRefRow;

export const inLocale = (text: Bilingual, locale: Locale): string => text[locale];

/** ISO 8601 in UTC, as every resource shows an instant. */
export const iso = (at: Instant): string => new Date(at).toISOString();
export const isoOrNull = (at: Instant | null | undefined): string | null =>
  at === null || at === undefined || !Number.isFinite(at) ? null : iso(at);

const VIETNAM_MS = 7 * 3_600_000;

/** `17:30 20/06/2025`, local, for sentences that people read. */
export function localText(at: Instant): string {
  const [date = '', time = ''] = new Date(at + VIETNAM_MS).toISOString().split('T');
  return `${time.slice(0, 5)} ${date.split('-').reverse().join('/')}`;
}

/** The local day of an instant, `2025-06-20`. */
export const localDay = (at: Instant): string => new Date(at + VIETNAM_MS).toISOString().slice(0, 10);

/** The scope that the database enforces a second time. */
export function scopeOf(actor: PersonActor): Scope {
  const { workingGroupId, role, unitId, personId } = actor;
  return { workingGroupId, role, unitId, personId };
}

/** A read within the viewer's scope; what the scope hides is not there. */
export async function look<T>(
  engine: Engine,
  viewer: Viewer,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withScope(engine.reader, scopeOf(viewer.actor), work);
}

export interface AllowedActionView<A extends string = string> {
  readonly action: A;
  readonly allowed: boolean;
  readonly reason: { readonly code: string; readonly detail: string } | null;
}

/** What the viewer may do, each refusal in their language. In lists only what is allowed. */
export function actionViews<A extends string>(
  actions: readonly { readonly action: A; readonly allowed: boolean; readonly reason: Refusal | null }[],
  locale: Locale,
  detail: 'list' | 'full',
): AllowedActionView<A>[] {
  return actions
    .filter((each) => detail === 'full' || each.allowed)
    .map(({ action, allowed, reason }) => ({
      action,
      allowed,
      reason: reason === null ? null : { code: reason.code, detail: inLocale(reason.detail, locale) },
    }));
}
