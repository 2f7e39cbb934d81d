// TLS and plain HTTP at one port, with a certificate that the client's machine trusts.
'use strict';

const assert = require('node:assert');
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

module.exports = (generation) => describe('a server with a certificate', () => {
  let world, backend, environment;
  before(async () => {
    world = new World(generation);
    const [certificate, key] = ['cert.pem', 'key.pem'].map((name) => path.join(world.folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-keyout', key, '-out', certificate, '-subj', '/CN=holdfast-test', '-addext', 'subjectAltName=IP:127.0.0.1'], {stdio: 'ignore'});
    backend = await world.backend('blog.graphql', {more: ['--tls-certificate', certificate, '--tls-key', key]});
    environment = {NODE_EXTRA_CA_CERTS: certificate};
  });
  after(() => world.end());

  /** What `pull` wrote, for an app that says http:// where it means this server. */
  function pulledWithPlainScheme() {
    const folder = path.join(world.folder, 'plain');
    fs.cpSync(backend.pulled(), folder, {recursive: true});
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('https://', 'http://'));
    }
    return folder;
  }

  test('clients write and observe over https and wss, and over http with wss at the same port', async () => {
    assert.match(backend.endpoint, /^https:/);
    const secure = await backend.client({environment}).start();
    const mixed = await backend.client({environment, pulled: pulledWithPlainScheme()}).start();
    const state = ({state}) => state === 'Connected';
    for (const [writer, reader] of [[secure, mixed], [mixed, secure]]) {
      await reader.until('realtime stands', state);
      await reader.ask({do: 'observe', model: 'Post'});
      const {id} = await writer.save('Post', {title: 'seen'});
      await reader.until('the other observes it', ({change, record}) => change === 'INSERT' && record.id === id);
    }
  });
});
