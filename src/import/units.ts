import { type FieldError, type Refusal, refuse } from '../domain/errors.js';
import type {
  ImportDirectory,
  NameRole,
  UnitCandidate,
  UnitChoice,
  UnitMatch,
  UnitNameMatch,
} from '../domain/import.js';
import { foldKey, nameKey } from '../domain/text.js';
import { bareName } from './names.js';

/** What a name stands for in this import. */
export type Resolved =
  | { readonly kind: 'units'; readonly unitIds: readonly string[] }
  | { readonly kind: 'groups'; readonly groupCodes: readonly string[] }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unknown' };

interface Entry {
  readonly kind: 'unit' | 'group';
  readonly ref: string;
  readonly display: string;
  readonly how: 'exact' | 'alias';
}

const MOST_CANDIDATES = 5;
const LEAST_SCORE = 0.5;

/** Words that nearly every unit's name has and that tell none from another. */
const GENERIC = new Set([
  'so',
  'bo',
  'ban',
  'ministry',
  'department',
  'of',
  'the',
  'and',
  'va',
  'tinh',
  'provincial',
  'cac',
  'office',
]);

interface Searchable {
  readonly entry: Entry;
  readonly folded: string;
  readonly pairs: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

function pairsOf(folded: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < folded.length; at += 1) pairs.add(folded.slice(at, at + 2));
  return pairs;
}

function wordsOf(folded: string): ReadonlySet<string> {
  return new Set(folded.split(' ').filter((word) => word !== '' && !GENERIC.has(word)));
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const item of a) if (b.has(item)) count += 1;
  return count;
}

/** Finds units and groups by name: equal names are found, similar ones only suggested. */
export class Directory {
  private readonly entries = new Map<string, Entry[]>();
  private readonly searchable: Searchable[] = [];
  private readonly unitRefs = new Map<string, string>();
  private readonly groupRefs = new Set<string>();

  constructor(directory: ImportDirectory) {
    for (const unit of directory.units) {
      this.unitRefs.set(unit.code, unit.id);
      const add = (name: string | null, how: Entry['how']): void =>
        this.add(name, { kind: 'unit', ref: unit.id, display: unit.name, how });
      for (const name of [unit.name, unit.nameEn, unit.code]) add(name, 'exact');
      for (const alias of unit.aliases) add(alias, 'alias');
    }
    // Ids go last, so that no unit's code can hide another unit.
    for (const unit of directory.units) this.unitRefs.set(unit.id, unit.id);
    for (const group of directory.groups) {
      this.groupRefs.add(group.code);
      for (const name of [group.name, group.nameEn, group.code, ...group.aliases])
        this.add(name, { kind: 'group', ref: group.code, display: group.name, how: 'exact' });
    }
  }

  unitId(idOrCode: string): string | null {
    return this.unitRefs.get(idOrCode) ?? null;
  }

  hasGroup(code: string): boolean {
    return this.groupRefs.has(code);
  }

  /** Whether the name is one of ours, remarks and numbers aside; enough to cut a cell there, not to decide. */
  isNearlyKnown(name: string): boolean {
    return this.entries.has(nameKey(name)) || this.entries.has(nameKey(bareName(name)));
  }

  match(name: string): UnitMatch {
    const found = this.entries.get(nameKey(name)) ?? [];
    const refs = new Set(found.map((entry) => `${entry.kind} ${entry.ref}`));
    const [first] = found;
    if (refs.size === 1 && first !== undefined) {
      if (first.kind === 'group') return { kind: 'group', groupCode: first.ref };
      const exact = found.some((entry) => entry.how === 'exact');
      return { kind: exact ? 'exact' : 'alias', unitId: first.ref };
    }
    const candidates = this.candidates(name);
    return candidates.length === 0 ? { kind: 'none' } : { kind: 'fuzzy', candidates };
  }

  private add(name: string | null, entry: Entry): void {
    const key = nameKey(name ?? '');
    if (key === '') return;
    this.entries.set(key, [...(this.entries.get(key) ?? []), entry]);
    const folded = foldKey(name ?? '');
    this.searchable.push({ entry, folded, pairs: pairsOf(folded), words: wordsOf(folded) });
  }

  private candidates(name: string): readonly UnitCandidate[] {
    const same = new Set(this.entries.get(nameKey(name)) ?? []);
    const bare = new Set(this.entries.get(nameKey(bareName(name))) ?? []);
    const folded = foldKey(bareName(name));
    const pairs = pairsOf(folded);
    const words = wordsOf(folded);
    const best = new Map<string, UnitCandidate>();
    for (const other of this.searchable) {
      const { entry } = other;
      const score = same.has(entry)
        ? 1
        : bare.has(entry)
          ? 0.95
          : other.folded === folded
            ? 0.9
            : similarity({ pairs, words }, other);
      const key = `${entry.kind} ${entry.ref}`;
      if (score < LEAST_SCORE || score <= (best.get(key)?.score ?? 0)) continue;
      best.set(key, {
        kind: entry.kind,
        ref: entry.ref,
        name: entry.display,
        score: Math.round(score * 100) / 100,
      });
    }
    return [...best.values()]
      .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name, 'vi'))
      .slice(0, MOST_CANDIDATES);
  }
}

function similarity(a: Pick<Searchable, 'pairs' | 'words'>, b: Searchable): number {
  const dice = (2 * common(a.pairs, b.pairs)) / Math.max(1, a.pairs.size + b.pairs.size);
  const words = common(a.words, b.words);
  // “Public Security” within “Ministry of Public Security”: every telling word is there.
  const within = a.words.size > 0 && words === a.words.size ? 0.6 + 0.25 * (words / b.words.size) : 0;
  return Math.min(0.85, Math.max(dice, within));
}

function groupsOf(choice: UnitChoice): readonly string[] {
  if ('group' in choice) return [choice.group];
  return 'groups' in choice ? choice.groups : [];
}

function pointerTo(name: string): string {
  return `/choices/units/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The names of one import: what each stands for, and where each is used. */
export class NameBook {
  private readonly directory: Directory;
  private readonly answers = new Map<string, UnitChoice>();
  private readonly known = new Map<string, boolean>();
  private readonly matched = new Map<string, UnitMatch>();
  private readonly used = new Map<string, { name: string; usedIn: { row: number; role: NameRole }[] }>();

  private constructor(directory: Directory) {
    this.directory = directory;
  }

  /** Refused when an answer names a unit or a group that does not exist. */
  static open(directory: Directory, choices: Readonly<Record<string, UnitChoice>>): NameBook | Refusal {
    const book = new NameBook(directory);
    const errors: FieldError[] = [];
    const missing = (name: string, what: string): void => {
      const detail = { vi: `Không có đơn vị hoặc nhóm “${what}”`, en: `There is no unit or group “${what}”` };
      errors.push({ pointer: pointerTo(name), code: 'unknown_reference', detail });
    };
    for (const [name, choice] of Object.entries(choices)) {
      if ('units' in choice) {
        for (const ref of choice.units) if (directory.unitId(ref) === null) missing(name, ref);
      } else for (const code of groupsOf(choice)) if (!directory.hasGroup(code)) missing(name, code);
      book.answers.set(nameKey(name), choice);
    }
    if (errors.length === 0) return book;
    const detail = {
      vi: 'Cách gán tên đơn vị không hợp lệ.',
      en: 'The answers about unit names do not fit.',
    };
    return refuse('reference_unknown', detail, { errors });
  }

  /** Whether a cell may be cut around this name. */
  knows(name: string): boolean {
    const known =
      this.known.get(name) ?? (this.answers.has(nameKey(name)) || this.directory.isNearlyKnown(name));
    this.known.set(name, known);
    return known;
  }

  use(name: string, role: NameRole, row: number): Resolved {
    const key = nameKey(name);
    const entry = this.used.get(key) ?? { name, usedIn: [] };
    if (!entry.usedIn.some((use) => use.row === row && use.role === role)) entry.usedIn.push({ row, role });
    this.used.set(key, entry);
    return this.resolve(this.chosen(name, this.matchOf(name)));
  }

  /** Each distinct name once, in the order of the file. */
  matches(): readonly UnitNameMatch[] {
    return [...this.used.values()].map(({ name, usedIn }) => {
      const match = this.matchOf(name);
      const chosen = this.chosen(name, match);
      const asked = chosen === null && usedIn.some((use) => use.role !== 'coordinating');
      return { name, usedIn, match, chosen, asked };
    });
  }

  /** Suggestions are searched once per name: the same unknown name stands in hundreds of rows. */
  private matchOf(name: string): UnitMatch {
    const key = nameKey(name);
    const match = this.matched.get(key) ?? this.directory.match(name);
    this.matched.set(key, match);
    return match;
  }

  private chosen(name: string, match: UnitMatch): UnitChoice | null {
    const answer = this.answers.get(nameKey(name));
    if (answer !== undefined) return answer;
    if (match.kind === 'exact' || match.kind === 'alias') return { units: [match.unitId] };
    if (match.kind === 'group') return { group: match.groupCode };
    return null;
  }

  private resolve(choice: UnitChoice | null): Resolved {
    if (choice === null) return { kind: 'unknown' };
    if ('ignore' in choice) return { kind: 'ignored' };
    if (!('units' in choice)) return { kind: 'groups', groupCodes: groupsOf(choice) };
    return { kind: 'units', unitIds: choice.units.flatMap((ref) => this.directory.unitId(ref) ?? []) };
  }
}
