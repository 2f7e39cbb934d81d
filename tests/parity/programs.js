// The program under test, and the files that it writes.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const PATIENCE_MS = 120_000;
const OUTPUT_BYTES_MAX = 1 << 28;

/** Runs holdfast to its end; its exit status, and what it says. */
function holdfast(args, {env = {}} = {}) {
  const bin = process.env.HOLDFAST_BIN;
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  return spawnSync(path.join(bin, 'holdfast'), args, {
    encoding: 'utf8', env: {...process.env, ...env}, timeout: PATIENCE_MS, maxBuffer: OUTPUT_BYTES_MAX,
  });
}

/** Runs holdfast, which must succeed; what it says on standard output. */
function done(args) {
  const {status, stdout, stderr} = holdfast(args);
  assert.equal(status, 0, `holdfast ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** Runs `holdfast codegen models`; its exit status, and what it says. */
function generate(schema, target, out) {
  return holdfast(['codegen', 'models', '--schema', schema, '--target', target, '--out', out]);
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

module.exports = {done, filesOf, generate, holdfast, scratchFolder};
