// Our generated models in the published DataStore: an application imports them, saves, queries and follows relations.
//   HOLDFAST_BIN=build/release/bin node --test tests/parity
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');

const {generate} = require('./programs.js');
const {root} = require('./published.js');

const stories = [
  ['comments', 'examples/blog/schema.graphql'],
  ['comments', 'src/codegen/testdata/connection_by_name/schema.graphql'],
  ['editors_v1', 'tests/program/schemas/editors_v1.graphql'],
  ['editors_v2', 'tests/program/schemas/editors_v2.graphql'],
  ['keys', 'tests/parity/schemas/keys.graphql'],
];

let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-stories-')); });
after(() => fs.rmSync(folder, {recursive: true, force: true}));

for (const [story, schema] of stories) {
  test(`DataStore tells the story "${story}" with the models of ${schema}`, () => {
    const out = path.join(folder, schema.replaceAll('/', '-'));
    const made = generate(path.join(root, schema), 'javascript', out);
    assert.strictEqual(made.status, 0, made.stderr);
    const told = spawnSync(process.execPath, [path.join(__dirname, 'stories.js'), story, out], {encoding: 'utf8', timeout: 60_000});
    assert.strictEqual(told.status, 0, told.stderr + told.stdout);
    assert.match(told.stdout, /told$/m);
  });
}
