// The audit of npm `graphql-http` against holdfast serve: every MUST passes, and what else does not is what
// docs/graphql.md lists.
//   npm ci --prefix tests/graphql; HOLDFAST_BIN=build/quick/bin node --test tests/graphql/http.test.js
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');
const {serverAudits} = require('graphql-http');

const {startBackend} = require('../interop/programs.js');

const root = path.join(__dirname, '..', '..');
const page = fs.readFileSync(path.join(root, 'docs', 'graphql.md'), 'utf8');
/** The ids in the page's table of what the audit would rather see otherwise. */
const declined = [...page.matchAll(/^\| `(\w{4})` \|/gm)].map((match) => match[1]).sort();

let backend;
let folder;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-http-'));
  const schema = path.join(root, 'examples', 'blog', 'schema.graphql');
  backend = await startBackend(process.env.HOLDFAST_BIN, {schema, data: folder, apiKey: 'da2-audit'});
});
after(async () => {
  assert.strictEqual(await backend.stop(), 0);
  fs.rmSync(folder, {recursive: true});
});

const withKey = (url, options = {}) => fetch(url, {...options, headers: {...options.headers, 'x-api-key': 'da2-audit'}});

test('the audit of graphql-http passes but for what docs/graphql.md declines', async (context) => {
  const results = [];
  for (const audit of serverAudits({url: backend.endpoint, fetchFn: withKey})) {
    const {status, reason} = await audit.fn();
    results.push({id: audit.id, name: audit.name, status, reason});
  }
  assert.ok(results.length >= 60, `${results.length} audits`);
  const unmet = results.filter((one) => one.status !== 'ok');
  unmet.forEach((one) => context.diagnostic(`${one.id} ${one.name}: ${one.reason}`));
  assert.deepStrictEqual(unmet.filter((one) => / ?MUST/.test(one.name)), []);
  assert.deepStrictEqual(unmet.map((one) => one.id).sort(), declined);
  context.diagnostic(`${results.length - unmet.length} of ${results.length} pass`);
});

test('the same holds without a key for what needs one: 401 in both media types', async () => {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const {status} = await fetch(backend.endpoint, {method: 'POST', headers: {accept}, body: '{"query":"{ __typename }"}'});
    assert.strictEqual(status, 401);
  }
});
