// Our parser and printer beside graphql-js: the same texts are accepted, and what we print means the same.
//   npm ci --prefix tools/node; HOLDFAST_BIN=build/quick/bin node --test tests/parity/graphql.test.js
// More or other documents: HOLDFAST_DOCUMENTS=50000 HOLDFAST_SEED=7. Another graphql-js: HOLDFAST_GRAPHQL_JS=<folder>.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const fs = require('node:fs');
const {createRequire} = require('node:module');
const path = require('node:path');
const {test} = require('node:test');

const {documents} = require('./graphql_documents.js');

const root = path.join(__dirname, '..', '..');
const {parse, buildASTSchema, version} = createRequire(path.join(root, 'tools', 'node', 'package.json'))(process.env.HOLDFAST_GRAPHQL_JS || 'graphql');
const count = Number(process.env.HOLDFAST_DOCUMENTS || 3000);
const seed = Number(process.env.HOLDFAST_SEED || 1);
const executable = new Set(['OperationDefinition', 'FragmentDefinition']);

/** What our parser and printer say of each {kind, text}. */
function ours(all) {
  const bin = process.env.HOLDFAST_BIN;
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  const input = all.map(({kind, text}) => JSON.stringify({kind, text}) + '\n').join('');
  const run = spawnSync(path.join(bin, 'graphql_driver'), {input, encoding: 'utf8', maxBuffer: 1 << 30});
  assert.strictEqual(run.status, 0, run.stderr);
  const told = run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.strictEqual(told.length, all.length);
  return told;
}

/** Two types for one operation in one `schema {…}`: graphql-js refuses that later, when it validates. */
function repeatsAnOperation(definition) {
  const operations = (definition.operationTypes || []).map((one) => one.operation);
  return new Set(operations).size < operations.length;
}

/** {tree} or {error}. graphql-js reads both kinds of definitions in one document; we keep them apart. */
function theirs({kind, text}) {
  try {
    const tree = parse(text, {noLocation: true});
    const isOfKind = (one) => executable.has(one.kind) === (kind === 'document');
    if (!tree.definitions.every(isOfKind)) return {error: 'a definition of the other kind'};
    return tree.definitions.some(repeatsAnOperation) ? {error: 'two types for one operation'} : {tree};
  } catch (error) {
    return {error: error.message, place: error.locations && error.locations[0]};
  }
}

// Not kept by our tree: how a description is quoted, an empty description, the order of a schema's operations.
function meaning(tree) {
  return JSON.parse(JSON.stringify(tree, (name, value) => {
    if (name === 'description') return value && value.value !== '' ? value.value : undefined;
    if (name === 'operationTypes') return [...value].sort((left, right) => (left.operation < right.operation ? -1 : 1));
    return name === 'loc' ? undefined : value;
  }));
}

function shown({kind, text}, said) { return `${kind}:\n${JSON.stringify(text)}\n${JSON.stringify(said)}`; }

/** Compares all; returns how many both accepted. */
function compare(all) {
  let accepted = 0;
  const told = ours(all);
  const printed = [];
  all.forEach((one, at) => {
    const expected = theirs(one);
    const said = told[at];
    assert.strictEqual(said.error === undefined, expected.error === undefined,
      `${shown(one, said)}\ngraphql-js: ${expected.error || 'accepted'}`);
    if (expected.error !== undefined) {
      assert.ok(said.line > 0 && said.column > 0, shown(one, said));
      return;
    }
    ++accepted;
    const again = theirs({kind: one.kind, text: said.printed});
    assert.ok(again.tree, `graphql-js does not read what we print: ${again.error}\n${shown(one, said)}`);
    assert.deepStrictEqual(meaning(again.tree), meaning(expected.tree), shown(one, said));
    printed.push({kind: one.kind, text: said.printed});
  });
  ours(printed).forEach((said, at) => assert.strictEqual(said.printed, printed[at].text, 'printing is stable'));
  return accepted;
}

/** What the published tools made; beside the repository, or one folder further up in a worktree. */
function goldenFolder() {
  const places = ['../shared/golden', '../../shared/golden'].map((one) => path.join(root, one));
  const folder = places.find((one) => fs.existsSync(one));
  assert.ok(folder, 'put the folder shared/golden beside the repository');
  return folder;
}

test('every golden schema and API is read as graphql-js reads it', () => {
  const folder = goldenFolder();
  const files = fs.readdirSync(folder, {recursive: true}).filter((name) => name.endsWith('.graphql'))
    .map((name) => path.join(folder, name)).sort();
  assert.ok(files.length >= 80, `${files.length} golden files`);
  const all = files.map((file) => ({kind: 'schema', text: fs.readFileSync(file, 'utf8')}));
  assert.strictEqual(compare(all), files.length);
});

test('every document of the published clients is read as graphql-js reads it', () => {
  const lines = fs.readFileSync(path.join(goldenFolder(), 'wire', 'documents.jsonl'), 'utf8').trimEnd().split('\n');
  assert.strictEqual(compare(lines.map((line) => ({kind: 'document', text: JSON.parse(line).query}))), lines.length);
});

for (const kind of ['schema', 'document']) {
  test(`${count} drawn texts of kind ${kind} are accepted or refused, and mean, as in graphql-js`, (context) => {
    const accepted = compare(documents(kind, count, seed));
    context.diagnostic(`${accepted} accepted by both, ${count - accepted} refused by both`);
    assert.ok(accepted > count / 2, 'the whole ones are accepted');
    assert.ok(count - accepted > count / 5, 'mutations break many');
  });
}

// Where we follow a newer edition of the language than graphql-js 15, or see at once what it sees when it validates.
test('the known differences are these, and no others are known', () => {
  const newer = [
    {kind: 'document', text: '{ a(b: "\\u{1F600}") }', is: 'escapes in braces'},
    {kind: 'document', text: '{ a(b: "\u0007") }', is: 'control characters, unescaped'},
    {kind: 'document', text: '# \u0007\n{ a }', is: 'control characters in comments'},
  ];
  const stricter = [
    {kind: 'document', text: '{ a(b: "\\uD83D") }', is: 'half a character'},
    {kind: 'schema', text: 'enum E { true }', is: 'a value that reads as another kind'},
    {kind: 'document', text: '{a'.repeat(300) + '}'.repeat(300), is: 'nesting without bound'},
  ];
  if (/^15/.test(version)) newer.forEach((one) => assert.ok(theirs(one).error, one.is));
  ours(newer).forEach((said, at) => assert.ok(said.printed, newer[at].is));
  stricter.forEach((one) => assert.ok(theirs(one).tree || !/^15/.test(version), one.is));
  ours(stricter).forEach((said, at) => assert.ok(said.error, stricter[at].is));
  const repeated = parse('schema { query: A query: B } type A { a: Int } type B { b: Int }');
  assert.throws(() => buildASTSchema(repeated), /only one query type/);
});
