import { HOUR } from '../../../src/domain/instant.js';

/** A local time of Hà Nội, `2025-06-20 17:30`. */
export const at = (text: string): number =>
  Date.parse(`${text.replace(' ', 'T')}${text.length < 17 ? ':00' : ''}+07:00`);
export const shown = (instant: number): string =>
  new Date(instant + 7 * HOUR).toISOString().slice(0, 19).replace('T', ' ');
