// Our statements beside those that the published generator makes of the same API, file by file, byte by byte.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {after, test} = require('node:test');

const {cases} = require('./cases.js');
const {done, filesOf, holdfast, scratchFolder} = require('./programs.js');
const {root, tools} = require('./published.js');

const {generateStatements} = tools('@aws-amplify/graphql-generator');

// Every target, and depths around the usual one.
const WAYS = [
  {target: 'graphql'},
  {target: 'javascript'},
  {target: 'typescript'},
  {target: 'typescript', types: '../API.ts'},
  {target: 'flow'},
  {target: 'angular'},
  {target: 'graphql', depth: 1},
  {target: 'javascript', depth: 4},
  {target: 'graphql', hasNoTypename: true},
];

function published(api, {target, types, depth, hasNoTypename}) {
  return generateStatements({
    schema: api, target, maxDepth: depth, relativeTypesPath: types, typenameIntrospection: !hasNoTypename,
  });
}

function ours(schemaArgs, out, {target, types, depth, hasNoTypename}) {
  done([
    'codegen', 'statements', ...schemaArgs, '--target', target, '--out', out,
    ...(types ? ['--types-path', types] : []),
    ...(depth ? ['--max-depth', String(depth)] : []),
    ...(hasNoTypename ? ['--no-typename'] : []),
  ]);
  return filesOf(out);
}

function compare(t, schemaArgs, ways) {
  const api = done(['codegen', 'api', ...schemaArgs]);
  const folder = scratchFolder(t);
  for (const [number, way] of ways.entries()) {
    const made = ours(schemaArgs, path.join(folder, String(number)), way);
    assert.deepEqual(made, sorted(published(api, way)), JSON.stringify(way));
  }
}

function sorted(files) {
  return Object.fromEntries(Object.keys(files).sort().map((name) => [name, files[name]]));
}

let compared = 0;

// Each case in two ways, so that every way meets many cases; the corners below meet all ways.
for (const [number, {file, dialect}] of cases().entries()) {
  const ways = [WAYS[number % WAYS.length], WAYS[(number + 4) % WAYS.length]];
  const schemaArgs = ['--schema', path.join(root, file), '--dialect', dialect];
  test(`statements of ${file} are the published ones`, (t) => {
    // Some recorded schemas are for models only: the transformer makes no API of them.
    if (holdfast(['codegen', 'api', ...schemaArgs]).status !== 0) return t.skip('it has no API');
    compare(t, schemaArgs, ways);
    compared += 1;
  });
}

after(() => assert.ok(compared >= 40, `only ${compared} schemas were compared`));

// Names on both sides of the 80th column, what an interface may be, and arguments of every shape.
const CORNERS = `
  type Query {
    ${Array.from({length: 16}, (_, more) => `field${'x'.repeat(more + 4)}(first: Int, second${'y'.repeat(more)}: String): Int`).join('\n')}
    search(kind: Kind = ONE, limit: Int = 5, zero: Int = 0, off: Boolean = false, on: Boolean = true,
           ids: [ID!]!, maybe: [Int]): [Found!]!
    node(id: ID!): Node
    deep: Chain
  }
  type Note @model { id: ID! }
  enum Kind { ONE TWO }
  interface Node { id: ID! owner: Chain }
  type Chain implements Node { id: ID! owner: Chain next: Chain files: [File] }
  type File implements Node { id: ID! owner: Chain size: Int }
  union Found = Chain | File
`;

test('statements of hand-written operations are the published ones', (t) => {
  const schema = path.join(scratchFolder(t), 'schema.graphql');
  fs.writeFileSync(schema, CORNERS);
  compare(t, ['--schema', schema], WAYS);
});
