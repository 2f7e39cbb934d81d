// The published @aws-amplify/datastore against `holdfast serve`, beside a C++ device.
//   HOLDFAST_BIN=build/release/bin node --test
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {after, before, test} = require('node:test');

const {DataStore, Hub, initSchema, setOnline, configure} = require('./amplify.js');
const {startBackend, Device, Watch} = require('./programs.js');
const {schema} = require('./schema.js');

const bin = process.env.HOLDFAST_BIN;
const apiKey = 'da2-interop';
const schemaFile = path.join(__dirname, 'schema.graphql');
const {Post} = initSchema(schema);
const bulkCount = 2500;

const hub = new Watch();
const events = [];
let folder;
let backend;
let device;

const nextEvent = (name, from) => hub.until(`the Hub tells ${name}`, () => events.slice(from).find((one) => one.event === name));
const jsPost = (id) => DataStore.query(Post, id);
const versionOf = (post) => post && post._version;

before(async () => {
  assert.ok(bin, 'HOLDFAST_BIN names the folder with the built programs');
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-interop-'));
  backend = await startBackend(bin, {schema: schemaFile, data: path.join(folder, 'backend'), apiKey});
  device = new Device(bin, {schema: schemaFile, path: path.join(folder, 'device.db'), endpoint: backend.endpoint, apiKey});
  await device.until('the device is ready', (message) => message.event === 'ready');
  Hub.listen('datastore', ({payload}) => {
    events.push(payload);
    hub.changed();
  });
  configure(backend.endpoint, apiKey);
  await DataStore.start();
  await nextEvent('ready', 0);
});

after(async () => {
  await DataStore.stop();
  if (device) assert.strictEqual(await device.stop(), 0);
  if (backend) assert.strictEqual(await backend.stop(), 0, 'the backend stops cleanly on SIGTERM');
  fs.rmSync(folder, {recursive: true, force: true});
  // A client stopped in the middle of a reconnect keeps its timers for good; the results are in by then.
  setTimeout(() => process.exit(), 3000).unref();
});

/** Posts the JS client has observed, newest last. */
function observed() {
  const seen = [];
  const watch = new Watch();
  const subscription = DataStore.observe(Post).subscribe((change) => {
    seen.push(change);
    watch.changed();
  });
  return {
    until: (what, check) => watch.until(what, () => seen.find(check)),
    stop: () => subscription.unsubscribe(),
  };
}

test('a Post created in JS reaches the C++ observer', async () => {
  const post = await DataStore.save(new Post({title: 'from JS', rating: 1, status: 'ACTIVE'}));
  const seen = await device.until('the C++ device observes the post',
      (message) => message.change === 'inserted' && message.record.id === post.id);
  assert.strictEqual(seen.origin, 'remote');
  assert.strictEqual(seen.record.title, 'from JS');
  assert.strictEqual(seen.record.status, 'ACTIVE');
});

test('an update made in C++ reaches the JS observer', async () => {
  const created = await DataStore.save(new Post({title: 'to be edited', rating: 2, status: 'ACTIVE'}));
  await device.until('the C++ device has the post', (message) => message.change && message.record.id === created.id);
  const observer = observed();
  await device.ask({do: 'edit', model: 'Post', key: [created.id], fields: {title: 'edited in C++'}});
  const change = await observer.until('the JS client observes the edit',
      (one) => one.element.id === created.id && one.element.title === 'edited in C++');
  observer.stop();
  assert.strictEqual(change.opType, 'UPDATE');
  assert.strictEqual(change.element.rating, 2);
});

test('both go offline, change different fields of one Post, and all three hold the same record and version', async () => {
  const created = await DataStore.save(new Post({title: 'shared', rating: 3, status: 'ACTIVE'}));
  await device.until('the C++ device has the post', (message) => message.change && message.record.id === created.id);
  await hub.until('the JS client knows its version', async () => versionOf(await jsPost(created.id)) === 1);

  const from = events.length;
  setOnline(false);
  await device.ask({do: 'online', is: false});
  await nextEvent('networkStatus', from);
  await DataStore.save(Post.copyOf(await jsPost(created.id), (draft) => { draft.title = 'title by JS'; }));
  await device.ask({do: 'edit', model: 'Post', key: [created.id], fields: {rating: 33}});

  setOnline(true);
  await device.ask({do: 'online', is: true});
  const isMerged = (post) => post && post.title === 'title by JS' && post.rating === 33 && post._version === 3;
  const inCpp = await device.eventually('the C++ device holds the merge', {do: 'get', model: 'Post', key: [created.id]}, isMerged);
  const inJs = await hub.until('the JS client holds the merge', async () => {
    const post = await jsPost(created.id);
    return isMerged(post) ? post : undefined;
  });
  const inBackend = await fetchPost(created.id);
  for (const post of [inCpp, inJs, inBackend]) {
    assert.deepStrictEqual([post.title, post.rating, post.status, post._version], ['title by JS', 33, 'ACTIVE', 3]);
  }
});

test('a delete on either side disappears on the other', async () => {
  const byJs = await DataStore.save(new Post({title: 'JS deletes', rating: 4, status: 'ACTIVE'}));
  const byCpp = await DataStore.save(new Post({title: 'C++ deletes', rating: 4, status: 'ACTIVE'}));
  for (const post of [byJs, byCpp]) {
    await device.until('the C++ device has the post', (message) => message.change && message.record.id === post.id);
    await hub.until('the JS client knows its version', async () => versionOf(await jsPost(post.id)) === 1);
  }
  await DataStore.delete(await jsPost(byJs.id));
  await device.until('the C++ device sees it go', (message) => message.change === 'removed' && message.record.id === byJs.id);
  assert.strictEqual(await device.ask({do: 'get', model: 'Post', key: [byJs.id]}), null);

  await device.ask({do: 'remove', model: 'Post', key: [byCpp.id]});
  await hub.until('the JS client sees it go', async () => (await jsPost(byCpp.id)) === undefined);
});

test(`${bulkCount} posts hydrate through pages on both clients`, async () => {
  const writer = new Device(bin, {schema: schemaFile, path: path.join(folder, 'writer.db'), endpoint: backend.endpoint, apiKey});
  for (let at = 0; at < bulkCount; ++at) {
    writer.program.process.stdin.write(JSON.stringify({
      do: 'save', model: 'Post', n: `bulk-${at}`,
      fields: {title: `bulk ${at}`, rating: at % 10, status: at % 2 ? 'ACTIVE' : 'INACTIVE'}}) + '\n');
  }
  await writer.until('the last post is saved', (message) => message.n === `bulk-${bulkCount - 1}`);
  await writer.eventually('the writer has sent everything', {do: 'pending'}, (count) => count === 0);
  assert.strictEqual(await writer.stop(), 0);

  await DataStore.stop();
  await DataStore.clear();
  const from = events.length;
  await DataStore.start();
  await nextEvent('ready', from);
  const bulk = (await DataStore.query(Post)).filter((post) => post.title.startsWith('bulk '));
  assert.strictEqual(bulk.length, bulkCount);
  assert.strictEqual(new Set(bulk.map((post) => post.id)).size, bulkCount);

  const fresh = new Device(bin, {schema: schemaFile, path: path.join(folder, 'fresh.db'), endpoint: backend.endpoint, apiKey});
  await fresh.until('a fresh C++ device is ready', (message) => message.event === 'ready');
  const inCpp = (await fresh.ask({do: 'list', model: 'Post'})).filter((post) => post.title.startsWith('bulk '));
  assert.strictEqual(await fresh.stop(), 0);
  assert.deepStrictEqual(inCpp.map((post) => post.id).sort(), bulk.map((post) => post.id).sort());
});

async function fetchPost(id) {
  const response = await fetch(backend.endpoint, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-api-key': apiKey},
    body: JSON.stringify({query: 'query ($id: ID!) { getPost(id: $id) { id title rating status _version } }', variables: {id}}),
  });
  return (await response.json()).data.getPost;
}
