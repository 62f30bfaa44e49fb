import type { z } from 'zod';
import { Me } from '../src/contracts/me.js';
import type { Role } from '../src/domain/actor.js';
import { Client } from './client.js';
import type { Instance } from './instance.js';

type UnitOf = NonNullable<z.output<typeof Me>['grants'][number]['unit']>;

/** Somebody who acts in the story. */
export interface Player {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  /** Null for who belongs to the Working Group as a whole. */
  readonly unit: UnitOf | null;
  readonly api: Client;
}

/** Everybody of one Working Group of the demonstration, by the sign-ins of the instance. */
export class Cast {
  readonly players: readonly Player[];

  private constructor(players: readonly Player[]) {
    this.players = players;
  }

  /** Asks the API who each sign-in of a Working Group is. */
  static async gather(instance: Instance, workingGroup: string): Promise<Cast> {
    const players = await Promise.all(
      instance.signIns
        .filter((signIn) => signIn.workingGroup === workingGroup)
        .map(async ({ token }) => {
          const api = new Client(instance.api, token);
          const { person, acting } = await api.get('/v1/me', Me);
          return acting === null
            ? []
            : [{ name: person.name, email: person.email, role: acting.role, unit: acting.unit, api }];
        }),
    );
    return new Cast(players.flat());
  }

  /** @throws where nobody has the role. */
  byRole(role: Exclude<Role, 'unit'>): Player {
    const found = this.players.find((player) => player.role === role);
    if (found === undefined) throw new Error(`There is no demo sign-in for the role ${role}`);
    return found;
  }

  /** Who signs in for a unit; null where its answers come on paper. */
  ofUnit(unitId: string): Player | null {
    return this.players.find((player) => player.role === 'unit' && player.unit?.id === unitId) ?? null;
  }
}
