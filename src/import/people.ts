import type { DraftTask } from '../domain/directive/draft.js';
import type { NameRole } from '../domain/import.js';
import { namesOf } from './names.js';
import type { SortedRow } from './rows.js';
import type { TaskContext } from './task.js';

export type People = Pick<
  DraftTask,
  'leadUnitIds' | 'groupCodes' | 'coordinatingUnitIds' | 'monitorUnitId' | 'severalLeads' | 'targets'
> & {
  /** A lead's name is not known yet, so that sums cannot be judged. */
  readonly unresolved: boolean;
};

interface Columns {
  readonly lead: string | null;
  readonly coordinating: string | null;
  readonly monitor: string | null;
}

interface Leads {
  readonly unitIds: readonly string[];
  readonly groupCodes: readonly string[];
  readonly targets: DraftTask['targets'];
  readonly unresolved: boolean;
}

function unknownName(row: SortedRow, name: string, column: string | null): void {
  row.findings.blocks('unit_unknown', column, name, {
    vi: `Chưa biết “${name}” là đơn vị nào: hãy chọn đơn vị, nhóm đơn vị, hoặc bỏ qua tên này.`,
    en: `It is not known which unit “${name}” is: choose a unit, a group, or leave the name out.`,
  });
}

function readLeads(row: SortedRow, context: TaskContext, column: string | null): Leads {
  const cell = row.values.get('lead') ?? '';
  const names = namesOf(cell, (name) => context.book.knows(name));
  const unitIds: string[] = [];
  const groupCodes: string[] = [];
  const targets: { unitId: string; numerator: number }[] = [];
  let unresolved = false;
  for (const { name, count } of names.parts) {
    const resolved = context.book.use(name, 'lead', row.line);
    if (resolved.kind === 'units') {
      unitIds.push(...resolved.unitIds);
      const [only, ...others] = resolved.unitIds;
      if (count !== null && only !== undefined && others.length === 0)
        targets.push({ unitId: only, numerator: count });
    } else if (resolved.kind === 'groups') groupCodes.push(...resolved.groupCodes);
    else if (resolved.kind === 'unknown') {
      unresolved = true;
      unknownName(row, name, column);
    }
  }
  if (names.saidCount !== null) {
    row.findings.note('names_count_differs', column, cell, {
      vi: `Ô ghi ${names.saidCount} đơn vị nhưng nêu ${names.parts.length} tên: hãy kiểm tra.`,
      en: `The cell says ${names.saidCount} units and names ${names.parts.length}: check it.`,
    });
  }
  if (names.goesOn) {
    row.findings.unclear('people', 'leads_not_complete', column, cell, {
      vi: 'Danh sách đơn vị kết thúc bằng “…”: hãy ghi đủ các đơn vị chủ trì.',
      en: 'The list of leads ends with “…”: name all of them.',
    });
  }
  return { unitIds: [...new Set(unitIds)], groupCodes: [...new Set(groupCodes)], targets, unresolved };
}

function judgeLeads(row: SortedRow, context: TaskContext, leads: Leads, column: string | null): void {
  const cell = row.values.get('lead') ?? null;
  const { findings } = row;
  if (leads.unitIds.length === 0 && leads.groupCodes.length === 0 && !leads.unresolved) {
    findings.unclear('people', 'lead_missing', column, cell, {
      vi: 'Chưa nêu đơn vị chủ trì: hãy bổ sung, hoặc giữ hàng ở trạng thái chưa rõ.',
      en: 'No lead unit is named: add one, or keep the row as unclear.',
    });
  }
  if (leads.unitIds.length > 0 && leads.groupCodes.length > 0) {
    findings.blocks('leads_mixed', column, cell, {
      vi: 'Ô vừa có đơn vị cụ thể vừa có nhóm đơn vị: hãy bỏ qua một bên, hoặc thay nhóm bằng các đơn vị của nhóm.',
      en: 'The cell names units and a group: leave one of them out, or give the units of the group.',
    });
  }
  for (const code of leads.groupCodes) {
    if ((context.groupSizes.get(code) ?? 0) > 0) continue;
    findings.unclear('people', 'group_empty', column, code, {
      vi: `Nhóm “${code}” chưa có đơn vị nào.`,
      en: `The group “${code}” has no units.`,
    });
  }
}

function severalLeads(
  row: SortedRow,
  context: TaskContext,
  leads: Leads,
  column: string | null,
): DraftTask['severalLeads'] {
  if (leads.unitIds.length < 2) return null;
  const answer = context.choices.rows?.[row.line]?.severalLeads ?? context.choices.severalLeads ?? null;
  if (answer === null && leads.groupCodes.length === 0) {
    row.findings.blocks('several_leads', column, row.values.get('lead') ?? null, {
      vi: 'Nhiều đơn vị chủ trì. Hãy chọn: mỗi đơn vị một nhiệm vụ riêng, hay đơn vị đầu chủ trì và các đơn vị khác phối hợp.',
      en: 'Several leads are named. Choose: one assignment each, or the first leads and the rest coordinate.',
    });
  }
  return answer;
}

/** Units of a cell that is not about leads; what is not a unit stays as typed. */
function unitsOf(
  row: SortedRow,
  context: TaskContext,
  cell: string,
  role: NameRole,
  column: string | null,
): readonly string[] {
  const unitIds: string[] = [];
  for (const { name } of namesOf(cell, (known) => context.book.knows(known)).parts) {
    const resolved = context.book.use(name, role, row.line);
    if (resolved.kind === 'units') unitIds.push(...resolved.unitIds);
    else if (resolved.kind === 'unknown' && role === 'monitor') unknownName(row, name, column);
    else if (resolved.kind !== 'ignored') {
      row.findings.note('coordinating_kept_as_typed', column, name, {
        vi: `“${name}” được giữ nguyên văn: chọn đơn vị nếu cần giao phối hợp.`,
        en: `“${name}” is kept as typed: choose units if they are to coordinate.`,
      });
    }
  }
  return [...new Set(unitIds)];
}

/** Who leads, who coordinates, who monitors; nothing that is not known is taken for somebody. */
export function readPeople(row: SortedRow, context: TaskContext, columns: Columns): People {
  const leads = readLeads(row, context, columns.lead);
  judgeLeads(row, context, leads, columns.lead);
  const coordinating = unitsOf(
    row,
    context,
    row.values.get('coordinating') ?? '',
    'coordinating',
    columns.coordinating,
  );
  const [monitor, ...others] = unitsOf(
    row,
    context,
    row.values.get('monitor') ?? '',
    'monitor',
    columns.monitor,
  );
  if (others.length > 0) {
    row.findings.blocks('several_monitors', columns.monitor, row.values.get('monitor') ?? null, {
      vi: 'Chỉ một đơn vị theo dõi mỗi nhiệm vụ: hãy sửa hoặc bỏ qua tên thừa.',
      en: 'Only one unit monitors a task: correct it or leave a name out.',
    });
  }
  return {
    leadUnitIds: leads.unitIds,
    groupCodes: leads.groupCodes,
    targets: leads.targets,
    severalLeads: severalLeads(row, context, leads, columns.lead),
    coordinatingUnitIds: coordinating.filter((id) => !leads.unitIds.includes(id)),
    monitorUnitId: monitor ?? null,
    unresolved: leads.unresolved,
  };
}
