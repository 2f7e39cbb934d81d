// `holdfast codegen models` against the published generator, live.
//   HOLDFAST_BIN=build/release/bin node --test tests/parity
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');

const {cases} = require('./cases.js');
const {publishedModels, schemaObject, root} = require('./published.js');
const {generate} = require('./programs.js');

const words = (text) => text.split(/\s+/).filter(Boolean);
const exported = (text) => words(text.slice(text.lastIndexOf('export {') + 8).replace(/[},;]/g, ' ')).sort();

let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-parity-')); });
after(() => fs.rmSync(folder, {recursive: true, force: true}));

function ours(one, target) {
  const out = path.join(folder, one.file.replaceAll(path.sep, '-'), target);
  const {status, stderr} = generate(path.join(root, one.file), target, out);
  return {status, stderr, read: (name) => fs.readFileSync(path.join(out, name), 'utf8')};
}

/** Both refuse a schema, or neither; true when both do. */
function refused(theirs, made) {
  const isRefused = typeof theirs === 'string';
  assert.strictEqual(made.status, isRefused ? 1 : 0, isRefused ? `the generator refuses: ${theirs}` : made.stderr);
  if (isRefused) assert.match(made.stderr, /: error: /);
  return isRefused;
}

for (const one of cases()) {
  test(`the models of ${one.file} are the published generator's`, async () => {
    const theirs = await publishedModels(one.schema, one.dialect);
    for (const target of ['javascript', 'typescript']) {
      const made = ours(one, target);
      if (refused(theirs.schema, made)) continue;
      assert.deepStrictEqual(schemaObject(made.read('schema.js')), theirs.schema);
      assert.deepStrictEqual(words(made.read('index.d.ts')), words(theirs.typings));
      assert.deepStrictEqual(words(made.read('schema.d.ts')), words(theirs.schemaTypings));
      assert.deepStrictEqual(exported(made.read('index.js')), exported(theirs.index));
    }
    if (theirs.introspection === undefined) return;
    const made = ours(one, 'introspection');
    if (refused(theirs.introspection, made)) return;
    assert.deepStrictEqual(JSON.parse(made.read('model-introspection.json')), theirs.introspection);
  });
}
