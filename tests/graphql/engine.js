// Our engine: the program graphql_engine, one schema and its documents at a time.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const path = require('node:path');

const PATIENCE_MS = 600_000;

/** What the engine says of each request to the API that `sdl` describes (graphql_engine.cc says how). */
function ask(sdl, requests) {
  const bin = process.env.HOLDFAST_BIN;
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  const input = [{schema: sdl}, ...requests].map((one) => JSON.stringify(one) + '\n').join('');
  const run = spawnSync(path.join(bin, 'graphql_engine'), {input, encoding: 'utf8', maxBuffer: 1 << 30, timeout: PATIENCE_MS});
  assert.strictEqual(run.status, 0, run.stderr || `ended by ${run.signal}`);
  const told = run.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.strictEqual(told.length, requests.length + 1);
  return told.slice(1);
}

module.exports = {ask};
