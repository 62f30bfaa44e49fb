import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { sealDueItems, sendReadyEnvelopes } from '../../src/engine/envelopes.js';
import { issueBatch } from '../../src/engine/issue.js';
import type { Pump } from '../../src/engine/pump.js';
import { type MailCatcher, startMailCatcher } from '../../src/mail/catcher.js';
import { createMailTransport, type MailTransport } from '../../src/mail/transport.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { addItem, type ItemSeed, letters, quickOptions } from '../support/outbox.js';
import { assignmentOf, issue } from '../support/story.js';
import { createWorld, type World } from '../support/world.js';

interface Stored extends Record<string, unknown> {
  readonly address: string;
  readonly subject: string;
  readonly body_text: string;
  readonly locale: string;
  readonly state: string;
  readonly attempts: number;
  readonly message_id: string;
}

export const options = quickOptions();
export const sealing = { ...options.sealing, writer: letters, messageDomain: options.messageDomain };

/** A world with two assignments and a mail server, for the tests of a file; its outbox is empty before each. */
export function mailing() {
  let database: TestDatabase;
  let world: World;
  let catcher: MailCatcher;
  let mail: MailTransport;
  let directiveId: string;
  const assignments: Record<'health' | 'justice', string> = { health: '', justice: '' };
  const pumps: Pump[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    world = await createWorld(database.url);
    catcher = await startMailCatcher({ smtpPort: 0 });
    mail = createMailTransport({
      url: catcher.smtpUrl,
      from: 'Dondoc <dondoc@dondoc.example>',
      connections: 2,
    });
    directiveId = await issue(world, ['health', 'justice'], 'within 10 days');
    await issueBatch(world.engine, directiveId);
    for (const unit of ['health', 'justice'] as const) {
      assignments[unit] = (await assignmentOf(world, directiveId, unit))?.id ?? '';
    }
    await world.sql('delete from item');
  });
  afterEach(async () => {
    await Promise.all(pumps.splice(0).map(async (pump) => await pump.stop()));
    catcher.judgeBy(undefined);
    catcher.clear();
    await world.sql('delete from item');
    await world.sql('delete from envelope');
  });
  afterAll(async () => {
    mail.close();
    await catcher.stop();
    await world.close();
    await database.drop();
  });

  const add = async (seed: Partial<ItemSeed> = {}): Promise<string> =>
    await addItem(world, {
      directiveId,
      assignmentId: assignments[seed.unit === 'justice' ? 'justice' : 'health'],
      ...seed,
    });
  const seal = async (): Promise<void> => {
    while (await sealDueItems(world.engine, sealing));
  };
  const send = async (transport = mail) => await sendReadyEnvelopes(world.engine, transport, options.sending);

  const envelopes = async (): Promise<Stored[]> =>
    await world.sql<Stored>('select * from envelope order by address');

  return {
    get world() {
      return world;
    },
    get catcher() {
      return catcher;
    },
    get mail() {
      return mail;
    },
    ...{ assignments, pumps, add, seal, send, envelopes },
  };
}
