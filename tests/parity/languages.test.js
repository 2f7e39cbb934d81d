// Swift, Java and Dart: what the published generator makes, brought to disk; and what is said when it cannot be run.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {test} = require('node:test');

const {done, filesOf, generate, holdfast, scratchFolder} = require('./programs.js');
const {root, tools} = require('./published.js');

const {generateModels} = tools('@aws-amplify/graphql-generator');

const toolsFolder = path.join(root, 'tools', 'node');
const SCHEMAS = ['post.graphql', 'comments_v2.graphql', 'editors_v2.graphql'];
const schemaPath = (name) => path.join(root, 'tests', 'program', 'schemas', name);
const models = (schema, target, out) => ['codegen', 'models', '--schema', schema, '--target', target, '--out', out];

for (const target of ['swift', 'java', 'dart']) {
  for (const name of SCHEMAS) {
    // G01, G15, G16, G17
    test(`${target} models of ${name} are the published ones`, async (t) => {
      const out = scratchFolder(t);
      done(models(schemaPath(name), target, out));
      const schema = fs.readFileSync(schemaPath(name), 'utf8');
      const published = await generateModels({schema, target, isDataStoreEnabled: true});
      assert.deepEqual(filesOf(out), published);
    });
  }
}

test('models of the older dialect are made with the settings of its time', async (t) => {
  const out = scratchFolder(t);
  done(models(schemaPath('comments_v1.graphql'), 'swift', out));
  assert.deepEqual(Object.keys(filesOf(out)).filter((name) => name.includes('Comment')),
                   ['Comment+Schema.swift', 'Comment.swift']);
});

test('Java models stand in the folders of their package, and are left alone when they would not change', (t) => {
  const out = scratchFolder(t);
  done(models(schemaPath('post.graphql'), 'java', out));
  const post = path.join(out, 'com', 'amplifyframework', 'datastore', 'generated', 'model', 'Post.java');
  assert.match(fs.readFileSync(post, 'utf8'), /public final class Post implements Model/);
  fs.utimesSync(post, 1, 1);
  done(models(schemaPath('post.graphql'), 'java', out));
  assert.equal(fs.statSync(post).mtimeMs, 1000);
});

// G15
test('what the published generator refuses is told', (t) => {
  const folder = scratchFolder(t);
  const schema = path.join(folder, 'schema.graphql');
  fs.writeFileSync(schema, 'type Lamp @model { id: ID! on: Boolean }');
  const {status, stderr} = generate(schema, 'dart', path.join(folder, 'out'));
  assert.equal(status, 1);
  assert.match(stderr, /error: Field name 'on' in type 'Lamp' is a reserved word in dart/);
});

function refusal(t, env) {
  const {status, stderr} = holdfast(models(schemaPath('post.graphql'), 'swift', scratchFolder(t)), {env});
  assert.equal(status, 1, stderr);
  return stderr;
}

test('without Node.js it says what to install', (t) => {
  assert.match(refusal(t, {PATH: scratchFolder(t), HOLDFAST_NODE: ''}), /Node\.js is not found.*install version 18 or newer/);
  assert.match(refusal(t, {HOLDFAST_NODE: '/nowhere/node'}), /Node\.js is not found/);
});

test('with a Node.js that is too old it says which one is needed', (t) => {
  const folder = scratchFolder(t);
  const version = path.join(folder, 'version.js');
  fs.writeFileSync(version, "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '12.22.0'}});");
  const stderr = refusal(t, {NODE_OPTIONS: `--require ${version}`});
  assert.match(stderr, /Node\.js 12\.22\.0 is too old[^]*Install Node\.js 18 or newer/);
});

test('without the packages it says the command that installs them', (t) => {
  const folder = scratchFolder(t);
  for (const name of ['run.cjs', 'models.mjs', 'package.json']) {
    fs.copyFileSync(path.join(toolsFolder, name), path.join(folder, name));
  }
  const stderr = refusal(t, {HOLDFAST_NODE_TOOLS: folder});
  assert.match(stderr, /published generators are not installed/);
  assert.ok(stderr.includes(`npm ci --prefix ${fs.realpathSync(folder)}`), stderr);
});

test('without the scripts it says where it looked', (t) => {
  const folder = scratchFolder(t);
  assert.ok(refusal(t, {HOLDFAST_NODE_TOOLS: folder}).includes(`HOLDFAST_NODE_TOOLS is ${folder}`));
});

test('a process that is no Node.js is told of', (t) => {
  const folder = scratchFolder(t);
  const program = path.join(folder, 'node');
  const pretend = (script) => fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, {mode: 0o755});
  pretend('exit 7');
  assert.match(refusal(t, {HOLDFAST_NODE: program}), /ended with code 7/);
  pretend('kill -9 $$');
  assert.match(refusal(t, {HOLDFAST_NODE: program}), /ended by signal 9/);
  pretend('echo nonsense >&3');
  assert.match(refusal(t, {HOLDFAST_NODE: program}), /no reply that can be read/);
  pretend(`echo '{"files": [{"name": "../out.swift", "text": ""}]}' >&3`);
  assert.match(refusal(t, {HOLDFAST_NODE: program}), /must not be called \.\.\/out\.swift/);
  pretend('exec 3>&-; exec sleep 60');
  assert.match(refusal(t, {HOLDFAST_NODE: program, HOLDFAST_NODE_SECONDS: '1'}), /no answer within 1 seconds/);
});
