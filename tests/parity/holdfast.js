// The program under test, the published packages it is compared with, and schemas to compare them on.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const fs = require('node:fs');
const {createRequire} = require('node:module');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const toolsFolder = path.join(root, 'tools', 'node');
/** Requires a package that tools/node has. */
const tools = createRequire(path.join(toolsFolder, 'package.json'));

/** Runs holdfast to its end. Returns {status, stdout, stderr}. */
function holdfast(args, {env = {}, cwd = root} = {}) {
  const bin = process.env.HOLDFAST_BIN;
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  return spawnSync(path.join(bin, 'holdfast'), args, {
    encoding: 'utf8', cwd, env: {...process.env, ...env}, timeout: 120_000, maxBuffer: 1 << 28,
  });
}

/** Runs holdfast, which must succeed; returns what it says on standard output. */
function done(args, options) {
  const {status, stdout, stderr} = holdfast(args, options);
  assert.equal(status, 0, `holdfast ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** A folder that goes with the test. */
function scratchFolder(test) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-parity-'));
  test.after(() => fs.rmSync(folder, {recursive: true}));
  return folder;
}

/** {name: text} of every file in the folder and below. */
function filesOf(folder) {
  const names = fs.readdirSync(folder, {recursive: true}).filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

/** The recorded cases beside the repository (or one folder further up, for one of several worktrees). */
function recordedFolder() {
  const places = ['..', '../..'].map((up) => path.join(root, up, 'shared', 'golden', 'transformer'));
  const found = places.find((place) => fs.existsSync(place));
  assert.ok(found, 'missing beside the repository: shared/golden/transformer');
  return found;
}

/** [{name, schema, settings}] of the recorded cases; `schema` and the Gen 2 `resource` are paths. */
function recordedCases() {
  const folder = recordedFolder();
  const names = fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, 'case.json'))).sort();
  return names.map((name) => ({
    name,
    schema: path.join(folder, name, 'schema.graphql'),
    resource: path.join(folder, name, 'resource.ts'),
    settings: JSON.parse(fs.readFileSync(path.join(folder, name, 'case.json'), 'utf8')),
  }));
}

module.exports = {done, filesOf, holdfast, recordedCases, root, scratchFolder, tools, toolsFolder};
