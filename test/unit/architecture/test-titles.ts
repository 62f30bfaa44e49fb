import ts from 'typescript';

/** A test as a reader of the report sees it: the titles of its groups, then its own. */
export interface Title {
  readonly title: string;
  readonly line: number;
}

/** The full title of every test written with a literal title in a file. */
export function testTitles(path: string, text: string): Title[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const titles: Title[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? titledCall(node) : undefined;
    if (call?.kind === 'test') {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      titles.push({ title: [...groups, call.title].join(' › '), line: line + 1 });
    }
    const inner = call?.kind === 'describe' ? [...groups, call.title] : groups;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, []);
  return titles;
}

function titledCall(call: ts.CallExpression): { kind: 'test' | 'describe'; title: string } | undefined {
  const [first] = call.arguments;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  const name = rootName(call.expression);
  if (name === 'test' || name === 'it') return { kind: 'test', title: first.text };
  return name === 'describe' ? { kind: 'describe', title: first.text } : undefined;
}

/** `test` of `test(…)`, `test.only(…)` and `test.each(table)(…)`. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return rootName(expression.expression);
  if (ts.isCallExpression(expression)) return rootName(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? rootName(expression.tag) : '';
}
