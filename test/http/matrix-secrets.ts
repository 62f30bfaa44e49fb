/** By whose eyes each text and id of a Working Group may be found in an answer; whoever is not named, must not. */

const ALL_WORK = ['standing_agency', 'supervisor'];
const LEAD = 'unit:justice';
const OTHER = 'unit:communeA';
/** Who reads the assignment. */
const READERS = [LEAD, 'unit:health', 'unit:communeC', ...ALL_WORK];
/** Who holds an obstacle reads that, with the name of the task it is about, and nothing else of the assignment. */
const PARTIES = [...READERS, 'unit:office'];
/** Of another unit's matter the monitor of the assignment reads what it has to judge. */
const JUDGED = [LEAD, 'unit:communeC', ...ALL_WORK];
const EVERYBODY = [...PARTIES, 'unit:communeB', OTHER, 'home_affairs', 'administrator'];

export const SEEN_BY: Readonly<Record<string, readonly string[]>> = {
  task: PARTIES,
  assignment: PARTIES,
  'task of another unit': [OTHER, ...ALL_WORK],
  'assignment of another unit': [OTHER, ...ALL_WORK],
  'cause of another unit': [OTHER, ...ALL_WORK],
  'file of another unit': [OTHER, ...ALL_WORK],
  'case of another unit': [OTHER, ...ALL_WORK],
  'task of the agency': ALL_WORK,
  'assignment of the agency': ALL_WORK,
  'case of the agency': ALL_WORK,
  'referred task': [LEAD, ...ALL_WORK, 'home_affairs'],
  'assignment that is referred': [LEAD, ...ALL_WORK, 'home_affairs'],
  'case that is referred': [LEAD, ...ALL_WORK, 'home_affairs'],
  case: [LEAD, ...ALL_WORK],
  objection: [LEAD, ...ALL_WORK],
  'file of an objection': [LEAD, ...ALL_WORK],
  draft: ALL_WORK,
  progress: JUDGED,
  file: READERS,
  cause: JUDGED,
  'file of a cause': JUDGED,
  extension: JUDGED,
  explanation: JUDGED,
  obstacle: [...JUDGED, 'unit:office'],
  contribution: [...JUDGED, 'unit:health'],
  report: [LEAD, 'unit:communeC', ...ALL_WORK],
  import: ALL_WORK,
  'use of a calendar': EVERYBODY,
  officer: [OTHER, 'administrator', ...ALL_WORK],
  webhook: [LEAD],
  token: [LEAD],
  'dead letter': ['administrator'],
};
