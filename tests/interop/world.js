// What a story happens in: backends, clients of one generation and C++ devices, all stopped when the file's tests are over.
'use strict';

const assert = require('node:assert');
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const {Client, Device, startBackend} = require('./programs.js');

const bin = process.env.HOLDFAST_BIN;
const apiKey = 'da2-interop';

class World {
  constructor(generation) {
    assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
    this.generation = generation;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-interop-'));
    this.stops = [];
    this.count = 0;
  }

  /** `holdfast serve` of a schema beside this file, with the models that clients load. */
  async backend(schemaName, options = {}) {
    const schema = path.join(__dirname, schemaName);
    const data = path.join(this.folder, `backend-${++this.count}`);
    const program = await startBackend(bin, {schema, data, apiKey, ...options});
    const backend = new Backend(this, {schema, data, options, program, generated: this.generated(schema)});
    this.stops.push(() => backend.stop());
    return backend;
  }

  /** The folder with what `holdfast codegen` makes for a JavaScript app: models and statements. */
  generated(schema) {
    const out = path.join(this.folder, path.basename(schema, '.graphql'));
    for (const what of ['models', 'statements']) {
      execFileSync(`${bin}/holdfast`, ['codegen', what, '--schema', schema, '--target', 'javascript', '--out', out], {stdio: 'ignore'});
    }
    return out;
  }

  async end() {
    for (const stop of this.stops.reverse()) await stop();
    fs.rmSync(this.folder, {recursive: true, force: true});
  }
}

class Backend {
  constructor(world, parts) {
    Object.assign(this, parts, {world, endpoint: parts.program.endpoint});
  }

  /** A client that has not started yet. */
  client(options = {}) {
    const client = new Client({generation: this.world.generation, schema: path.join(this.generated, 'schema.js'),
      pulled: this.pulled(), ...options});
    this.world.stops.push(() => client.stop());
    return client;
  }

  /** A C++ device that is ready. */
  async device() {
    const device = new Device(bin, {schema: this.schema, path: path.join(this.world.folder, `device-${++this.world.count}.db`),
      endpoint: this.endpoint, apiKey});
    this.world.stops.push(async () => assert.strictEqual(await device.stop(), 0));
    await device.until('the device is ready', (message) => message.event === 'ready');
    return device;
  }

  /** The folder with the configuration files that `holdfast pull` writes for this backend. */
  pulled() {
    if (this.pullFolder) return this.pullFolder;
    const out = path.join(this.world.folder, `pulled-${++this.world.count}`);
    execFileSync(`${bin}/holdfast`, ['pull', '--schema', this.schema, '--endpoint', this.endpoint, '--api-key', apiKey, '--out', out],
        {stdio: 'ignore'});
    return this.pullFolder = out;
  }

  /** What any other program does: plain GraphQL over HTTP. */
  async call(query, variables = {}) {
    const response = await fetch(this.endpoint, {
      method: 'POST', headers: {'content-type': 'application/json', 'x-api-key': apiKey}, body: JSON.stringify({query, variables})});
    const {data, errors} = await response.json();
    assert.strictEqual(errors, undefined, JSON.stringify(errors));
    return Object.values(data)[0];
  }

  /** The supervisor starts the server anew, on the same socket. */
  replace() {
    this.program.replace();
  }

  async restart() {
    const port = new URL(this.endpoint).port;
    await this.stop();
    this.program = await startBackend(bin, {schema: this.schema, data: this.data, apiKey, ...this.options, port});
  }

  async stop() {
    assert.strictEqual(await this.program.stop(), 0, 'the backend stops cleanly on SIGTERM');
  }
}

module.exports = {World, apiKey};
