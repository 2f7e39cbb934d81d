// The program under test.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const path = require('node:path');

/** Runs `holdfast codegen models`; its exit status, and what it says. */
function generate(schema, target, out) {
  const bin = process.env.HOLDFAST_BIN;
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  const args = ['codegen', 'models', '--schema', schema, '--target', target, '--out', out];
  return spawnSync(path.join(bin, 'holdfast'), args, {encoding: 'utf8'});
}

module.exports = {generate};
