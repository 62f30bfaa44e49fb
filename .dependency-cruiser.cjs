// Who may import whom. One rule per forbidden family of edges, named for the fact it keeps;
// test/unit/architecture seeds a violation of each and expects that rule's name.
// Picture of the result: npx depcruise --config .dependency-cruiser.cjs --output-type dot src workflows activities

/** A package by name, wherever the package manager has put it. */
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);

const TEMPORAL = packages('@temporalio/[^/]+');
const HTTP_KIND = packages(
  'express',
  'helmet',
  'multer',
  'pino-http',
  'openid-client',
  'rate-limiter-flexible',
  'swagger-ui-dist',
);
const ZOD = packages('zod');
/** The files that wire and run a process. Importing one would run it. */
const PROCESSES = '^src/(api|worker|migrate|dev|cli)[.]ts$';
/** Configuration and logger: made by a process, handed down; below that only their types are known. */
const HANDED_DOWN = '^src/(config|log)[.]ts$';
/** An edge that exists only for the compiler does not pull code in. */
const VALUE = { dependencyTypesNot: ['type-only'] };

/** A folder of src that may import the folders listed (and itself) and nothing else of ours. */
const onlyImports = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|activities|workflows)/', pathNot: [from, ...allowed] },
});

/** Packages that only the folders listed may import. */
const onlyFor = (name, comment, users, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src|activities|workflows)/', pathNot: [PROCESSES, '^src/dev/', ...users] },
  to,
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: VALUE },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere; a client finds its types where the test generates them.',
      severity: 'error',
      from: { pathNot: '^test/fixtures/client/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-product',
      comment: 'The image is installed without development dependencies.',
      severity: 'error',
      from: { path: '^(src|activities|workflows)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },

    onlyImports(
      'domain-imports-only-itself',
      'The rules know no I/O, no clock, no store.',
      '^src/domain/',
      [],
    ),
    {
      name: 'domain-needs-no-package',
      comment: 'The rules run anywhere: no package and no Node module, but for zod in *.schema.ts.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'], pathNot: ZOD },
    },
    {
      name: 'domain-parses-only-in-schemas',
      comment: 'zod stays in *.schema.ts, so that workflow code can use the logic without it.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '[.]schema[.]ts$' },
      to: { path: ZOD, ...VALUE },
    },
    {
      name: 'domain-logic-imports-no-schema',
      comment: 'Logic that imported a schema would carry zod into every workflow bundle; its types are free.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '[.]schema[.]ts$' },
      to: { path: '^src/domain/.*[.]schema[.]ts$', ...VALUE },
    },
    onlyImports('contracts-import-only-domain', 'HTTP shapes are for clients too.', '^src/contracts/', [
      '^src/domain/',
    ]),
    {
      name: 'contracts-need-only-zod',
      comment: 'A shape that needs more than zod is not a shape.',
      severity: 'error',
      from: { path: '^src/contracts/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'],
        pathNot: [...ZOD, ...packages('@asteasolutions/zod-to-openapi')],
      },
    },
    onlyImports('db-imports-only-domain', 'Statements know rows and the nouns they hold.', '^src/db/', [
      '^src/domain/',
      HANDED_DOWN,
    ]),
    onlyImports('engine-imports-only-domain-and-db', 'The engine knows no edge.', '^src/engine/', [
      '^src/(domain|db)/',
      HANDED_DOWN,
    ]),
    {
      name: 'adapters-import-only-domain',
      comment: 'Each adapter stands alone: its own folder and the domain.',
      severity: 'error',
      from: { path: '^src/(mail|documents|import|files|webhooks|temporal)/' },
      to: {
        path: '^(src|activities|workflows)/',
        // The Temporal adapter speaks to workflows by the names and types they publish.
        pathNot: ['^src/domain/', '^src/$1/', HANDED_DOWN, '^workflows/'],
      },
    },
    {
      name: 'only-temporal-adapter-knows-workflows',
      comment: 'Of the adapters only the one of Temporal knows workflows, and it their messages and types.',
      severity: 'error',
      from: { path: '^src/(mail|documents|import|files|webhooks)/' },
      to: { path: '^workflows/' },
    },
    {
      name: 'temporal-adapter-knows-only-messages',
      comment: 'Importing a workflow outside the sandbox would load workflow code into the process.',
      severity: 'error',
      from: { path: '^src/temporal/' },
      to: { path: '^workflows/', pathNot: '^workflows/messages[.]ts$', ...VALUE },
    },
    onlyImports(
      'http-imports-only-domain-contracts-engine',
      'Routes reach data through use cases.',
      '^src/http/',
      ['^src/(domain|contracts|engine)/', HANDED_DOWN],
    ),
    onlyImports(
      'activities-import-no-db-or-http',
      'Activities call use cases and adapters.',
      '^activities/',
      ['^src/(domain|engine|mail|documents|import|temporal)/', HANDED_DOWN],
    ),
    onlyImports('workflows-import-only-domain-and-contract', 'Workflow code is replayed.', '^workflows/', [
      '^src/domain/',
      '^activities/contract[.]ts$',
    ]),
    {
      name: 'workflows-see-contract-as-types',
      comment: 'Workflows call activities through a proxy typed by the contract; never the code.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', ...VALUE },
    },
    {
      name: 'workflows-see-schemas-as-types',
      comment: 'A parse in workflow code makes an upgrade of zod a question of determinism.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: ['[.]schema[.]ts$', ...ZOD], ...VALUE },
    },
    {
      name: 'workflows-need-only-temporal',
      comment: 'The sandbox has no Node modules, and packages are replayed with the code.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'core'],
        pathNot: [...packages('@temporalio/(workflow|common)'), ...ZOD],
      },
    },
    {
      name: 'contract-imports-only-domain-types',
      comment:
        'The contract is compiled in the sandbox: an implementation behind it would pull in its packages.',
      severity: 'error',
      from: { path: '^activities/contract[.]ts$' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'processes-are-imported-by-nobody',
      comment: 'Importing a process runs it.',
      severity: 'error',
      from: {},
      to: { path: PROCESSES },
    },
    {
      name: 'launcher-is-imported-by-nobody',
      comment: 'The product does not know how it is started on a laptop.',
      severity: 'error',
      from: { pathNot: ['^src/dev/', '^src/dev[.]ts$', '^test/'] },
      to: { path: '^src/dev/' },
    },
    {
      name: 'tests-are-imported-by-nobody',
      comment:
        'What the product needs does not live in test/. Measurements may use the servers of the tests.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'configuration-is-handed-down',
      comment: 'Processes parse the configuration and make the logger; everything below is given them.',
      severity: 'error',
      from: { path: '^(src/[^/]+/|activities/|workflows/)', pathNot: '^src/(cli|dev)/' },
      to: { path: HANDED_DOWN, ...VALUE },
    },

    onlyFor('only-db-speaks-sql', 'One way to PostgreSQL: the named statements.', ['^src/db/'], {
      path: packages('pg', 'pg-[^/]+'),
      ...VALUE,
    }),
    onlyFor(
      'only-temporal-folders-speak-temporal',
      'The record works without Temporal.',
      ['^src/temporal/', '^activities/', '^workflows/'],
      { path: TEMPORAL },
    ),
    {
      name: 'activities-use-only-the-activity-sdk',
      comment: 'An activity that held a client would conduct; the adapter does that.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: TEMPORAL, pathNot: packages('@temporalio/(activity|common)') },
    },
    onlyFor('only-http-speaks-express', 'The framework stays at the edge.', ['^src/http/'], {
      path: [...HTTP_KIND, ...packages('@types/express', '@types/multer')],
    }),
    onlyFor('only-mail-speaks-smtp', 'One way out for messages.', ['^src/mail/'], {
      path: packages('nodemailer', '@types/nodemailer', 'eta', 'smtp-server', 'mailparser'),
    }),
    onlyFor('only-import-reads-spreadsheets', 'Foreign files are parsed in one place.', ['^src/import/'], {
      path: packages('csv-parse', 'saxes'),
    }),
    onlyFor('only-documents-write-files', 'Files that go out are made in one place.', ['^src/documents/'], {
      path: packages('csv-stringify'),
    }),
    onlyFor(
      'only-documents-and-import-know-workbooks',
      'Workbooks are written by documents and read by import.',
      ['^src/(documents|import)/'],
      { path: packages('exceljs', '@protobi/exceljs') },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
