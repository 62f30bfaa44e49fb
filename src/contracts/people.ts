import { z } from 'zod';
import { SCOPES } from '../domain/permission/relation.js';
import { Id, InstantText, RoleName, ShortText, UnitRef } from './common.js';
import { PageQuery } from './resources.js';

const PersonRef = z.strictObject({ id: Id, name: z.string() });
const Login = ShortText.max(200).meta({
  description: 'What the identity provider’s claim, or the local sign-in, calls this person',
  example: 'nguyen.van.a@tinh.gov.vn',
});
const personFields = {
  name: ShortText.max(200),
  email: z.email().nullable().optional(),
  login: Login.nullable().optional(),
};

export const NewPerson = z
  .strictObject({ ...personFields, locale: z.enum(['vi', 'en']).default('vi') })
  .meta({ id: 'NewPerson' });
/** Fields that are left out stay as they are. */
export const PersonChanges = z
  .strictObject({
    ...personFields,
    name: personFields.name.optional(),
    locale: z.enum(['vi', 'en']).optional(),
    disabled: z.boolean().optional().meta({ description: 'May no longer sign in; every session ends' }),
  })
  .meta({ id: 'PersonChanges' });

export const PersonRecord = z
  .strictObject({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(['vi', 'en']),
    login: z.string().nullable(),
    disabled: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: 'PersonRecord' });

export const SetupCode = z
  .strictObject({
    login: z.string(),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Shown once; null for a repeat under the same Idempotency-Key' }),
    expiresAt: InstantText.nullable(),
    page: z.string().meta({ description: 'Where the person chooses a password with it' }),
  })
  .meta({ id: 'SetupCode' });

const InstantInput = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ description: 'ISO 8601 with its offset', example: '2027-01-01T00:00:00+07:00' });

export const NewGrant = z
  .strictObject({
    personId: Id,
    role: RoleName,
    unitId: Id.nullable().optional().meta({ description: 'The officer’s unit; required for the role unit' }),
    validFrom: InstantInput.optional().meta({ description: 'Default: now' }),
    validTo: InstantInput.nullable().optional().meta({ description: 'Required for a deputy' }),
    deputyOf: Id.nullable().optional().meta({ description: 'Acts for this person within the dates' }),
    office: z.boolean().optional().meta({ description: 'The one account of the unit’s office' }),
  })
  .meta({ id: 'NewGrant' });
export const EndGrant = z
  .strictObject({ at: InstantInput.optional().meta({ description: 'Default: now' }) })
  .meta({ id: 'EndGrant' });

export const GrantRecord = z
  .strictObject({
    id: Id,
    role: RoleName,
    person: PersonRef,
    unit: UnitRef.nullable(),
    deputyOf: PersonRef.nullable(),
    office: z.boolean(),
    validFrom: InstantText.nullable(),
    validTo: InstantText.nullable(),
  })
  .meta({ id: 'GrantRecord' });
export const GrantsQuery = PageQuery.extend({
  person: Id.optional(),
  unit: Id.optional(),
  role: RoleName.optional(),
  all: z.enum(['true', 'false']).optional().meta({ description: 'Also those that have ended or not begun' }),
});

const ScopeName = z.enum(SCOPES).meta({
  description: 'read: look; write: act on the work; admin: people, units, tokens',
});
export const NewToken = z
  .strictObject({
    label: ShortText.max(200),
    scopes: z.array(ScopeName).min(1).max(SCOPES.length),
    expiresAt: InstantInput,
    grantId: Id.optional().meta({
      description: 'The one grant it acts under. An administrator names another person’s to make theirs.',
    }),
  })
  .meta({ id: 'NewToken' });

const tokenFields = {
  id: Id,
  label: z.string(),
  person: PersonRef,
  scopes: z.array(ScopeName).readonly(),
  grantId: Id.nullable(),
  createdAt: InstantText,
  expiresAt: InstantText.nullable(),
  revokedAt: InstantText.nullable(),
  lastUsedAt: InstantText.nullable(),
};
export const Token = z.strictObject(tokenFields).meta({ id: 'Token' });
export const MadeToken = z
  .strictObject({
    ...tokenFields,
    secret: z
      .string()
      .nullable()
      .meta({ description: 'Shown once; null for a repeat under the same Idempotency-Key' }),
  })
  .meta({ id: 'MadeToken' });
export const TokensQuery = PageQuery.extend({
  whose: z.enum(['mine', 'group']).optional().meta({
    description: 'group: also those bound to grants of the Working Group, for administrators',
  }),
});

export const Session = z
  .strictObject({
    id: Id,
    method: z.enum(['provider', 'local', 'demo']),
    startedAt: InstantText,
    seenAt: InstantText,
    endsAt: InstantText,
    address: z.string().nullable(),
    agent: z.string().nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export const Sessions = z.strictObject({ items: z.array(Session).readonly() });
