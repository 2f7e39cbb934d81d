// Our engine beside graphql-js: drawn documents, whole and broken, are accepted or refused for the same reasons, their
// variables become the same values, and their results are the same.
//   npm ci --prefix tests/graphql; HOLDFAST_BIN=build/quick/bin node --test tests/graphql/documents.test.js
// More or other documents: HOLDFAST_DOCUMENTS=50000 HOLDFAST_SEED=7 (documents a schema); `make documents`.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {test} = require('node:test');
const {buildClientSchema, execute, getIntrospectionQuery, getNamedType, parse, validate} = require('graphql');
const {getVariableValues} = require('graphql/execution/values');

const {done} = require('../parity/programs.js');
const differences = require('./differences.js');
const {documents} = require('./draw_documents.js');
const {ResultDraw} = require('./draw_results.js');
const {ask} = require('./engine.js');
const {Random} = require('./random.js');

const root = path.join(__dirname, '..', '..');
const count = Number(process.env.HOLDFAST_DOCUMENTS || 1000);
const seed = Number(process.env.HOLDFAST_SEED || 1);
const SHOWN_MAX = 3;
const introspection = getIntrospectionQuery({inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true});

function apiOf(file) { return done(['codegen', 'api', '--schema', path.join(root, file)]); }
const schemas = {
  'one of everything': () => fs.readFileSync(path.join(__dirname, 'everything.graphql'), 'utf8'),
  'the blog API': () => apiOf('examples/blog/schema.graphql'),
  'an API of every kind of model': () => apiOf('src/codegen/testdata/everything/schema.graphql'),
};

/** The schema as clients see it: graphql-js reads what our engine tells of itself. */
function introspected(sdl) {
  const [said] = ask(sdl, [{document: introspection}]);
  assert.strictEqual(said.result?.errors, undefined, JSON.stringify(said));
  const schema = buildClientSchema(said.result.data);
  // graphql-js puts its own built-in types in the place of ours.
  for (const type of said.result.data.__schema.types) differences.asInOctober2021(schema.getType(type.name), type);
  return schema;
}

function placed({message, locations}) {
  if (differences.isPlacedAtTheStart(message)) return {message};
  return {message, locations: (locations ?? []).map(({line, column}) => [line, column])};
}
function sorted(list) { return list.map((one) => JSON.stringify(one)).sort(); }

function validated(schema, tree) {
  try {
    return validate(schema, tree, undefined, {hideSuggestions: true});
  } catch (error) {
    if (differences.isLostOnSubscriptions(tree)) return undefined;
    throw error;
  }
}

/** What graphql-js says of a request, in the shape of ours. */
function theirs(schema, {document, variables, operation}) {
  let tree;
  try {
    tree = parse(document);
  } catch (error) {
    return {syntax: {message: error.message, line: error.locations[0].line, column: error.locations[0].column}};
  }
  const errors = validated(schema, tree);
  if (errors === undefined) return {unknown: true};
  if (errors.length > 0) return {invalid: sorted(errors.map(placed))};
  const operations = tree.definitions.filter((one) => one.kind === 'OperationDefinition');
  const chosen = operation ? operations.find((one) => one.name?.value === operation) : operations.length === 1 && operations[0];
  if (chosen) {
    const {coerced, errors: wrong} = getVariableValues(schema, chosen.variableDefinitions ?? [], variables ?? {}, {maxErrors: 50, hideSuggestions: true});
    if (wrong) return {refused: sorted(wrong.map(placed).map((one) => ({...one, message: differences.nullVariable(one.message)})))};
    return {tree, coerced};
  }
  const {errors: refused} = execute({schema, document: tree, operationName: operation || undefined, hideSuggestions: true});
  return {refused: sorted(refused.map(placed))};
}

function ours(said) {
  if (said.syntax) return {syntax: said.syntax};
  if (said.invalid) return {invalid: sorted(said.invalid.map(placed))};
  if (said.refused) return {refused: sorted(said.refused.map(placed))};
  return said;
}

/** For comparing texts: members in order of name, numbers as JavaScript reads them. */
function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, canonical(value[name])]));
}

/** Results with the arguments that fields told parsed, and types in order of name: introspection promises none. */
function comparable(value, isUnordered) {
  if (Array.isArray(value)) {
    const list = value.map((one) => comparable(one, isUnordered));
    return isUnordered ? list.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) : list;
  }
  if (typeof value === 'string' && /^\{("|\})/.test(value)) return {$arguments: canonical(JSON.parse(value))};
  if (typeof value === 'string') return differences.defaultAsWritten(value);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, comparable(one, isUnordered)]));
}

function compareErrors(schema, expected, said, shown) {
  const typeOf = (parent, field) => getNamedType(schema.getType(parent).getFields()[field].type).name;
  const wanted = sorted((expected.errors ?? []).map((error) => {
    const message = differences.withoutProposals(differences.nullResult(error.message, error.path ?? [], typeOf));
    return {...placed({...error, message}), path: error.path};
  }));
  const told = (said.errors ?? []).map((error) => ({...placed(error), path: error.path ?? undefined}));
  const left = sorted(told);
  const missing = wanted.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const extra = left.filter((one) => !differences.isBelowNull(JSON.parse(one).path ?? [], said.data));
  assert.deepStrictEqual({missing, extra}, {missing: [], extra: []}, shown);
}

/** Throws where ours differs; counts what happened to the document. */
function compare(schema, {request, expected}, told, tally) {
  const said = ours(told);
  const shown = `${JSON.stringify(request)}\n${request.document}\nours: ${JSON.stringify(told)}\ngraphql-js: ${JSON.stringify(expected.result ?? expected)}`;
  if (differences.isDescribed(said.syntax)) return;
  const fate = ['unknown', 'syntax', 'invalid', 'refused'].find((one) => expected[one]) ?? 'run';
  ++tally[fate];
  if (fate === 'unknown') return;
  if (fate !== 'run') {
    assert.deepStrictEqual(said[fate], expected[fate], shown);
    return;
  }
  tally.failed += expected.result.errors ? 1 : 0;
  assert.ok(said.coerced, shown);
  assert.deepStrictEqual(canonical(said.coerced), canonical(expected.coerced), shown);
  const isUnordered = request.document.includes('__schema');
  assert.strictEqual(JSON.stringify(comparable(said.result.data, isUnordered)),
    JSON.stringify(comparable(expected.result.data, isUnordered)), shown);
  compareErrors(schema, expected.result, said.result, shown);
}

for (const [name, sdlOf] of Object.entries(schemas)) {
  test(`${count} documents for ${name} mean what they mean to graphql-js`, (context) => {
    const sdl = sdlOf();
    const schema = introspected(sdl);
    const all = documents(schema, count, seed).map((request) => ({request, expected: theirs(schema, request)}));
    all.forEach((one, at) => {
      if (!one.expected.tree) return;
      const random = new Random(seed * 7_000_003 + at);
      const draw = new ResultDraw(random, schema, random.chance(0.6), random.of([0, 0.02, 0.1]));
      const {request, expected} = one;
      expected.result = execute({
        schema, document: expected.tree, rootValue: draw.root, variableValues: request.variables,
        operationName: request.operation || undefined, hideSuggestions: true, fieldResolver: draw.resolver(), typeResolver: (value) => value.__typename,
      });
      request.root = draw.root;
      request.asks = draw.asks;
    });
    const told = ask(sdl, all.map((one) => one.request));
    const tally = {unknown: 0, syntax: 0, invalid: 0, refused: 0, run: 0, failed: 0};
    const wrong = all.flatMap((one, at) => {
      try {
        compare(schema, one, told[at], tally);
        return [];
      } catch (error) {
        return [error];
      }
    });
    assert.strictEqual(wrong.length, 0, `${wrong.length} documents differ\n${wrong.slice(0, SHOWN_MAX).map((error) => error.message).join('\n\n')}`);
    context.diagnostic(JSON.stringify(tally));
    assert.ok(tally.unknown <= count / 40, 'graphql-js has an opinion of nearly all');
    for (const [fate, share] of Object.entries({syntax: 0.01, invalid: 0.2, refused: 0.004, run: 0.3, failed: 0.03})) {
      assert.ok(tally[fate] >= count * share, `of ${count} documents ${fate}: ${tally[fate]}`);
    }
  });
}
