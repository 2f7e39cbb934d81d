// A network that goes, a server that restarts, and more records than a page holds.
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

const BULK_COUNT = 2500;
const FLOOD_COUNT = 700; // Of 20 kB each: more than the kernel keeps for a socket.
const known = (post) => post && post._version >= 1;

module.exports = (generation) => describe('unrest', () => {
  let world, backend, client, other;
  before(async () => {
    world = new World(generation);
    backend = await world.backend('blog.graphql');
    [client, other] = [backend.client(), backend.client()];
    await Promise.all([client.start(), other.start()]);
  });
  after(() => world.end());

  // S01, C08, O25
  test('what happened while a client was offline comes as a delta, and what it wrote goes out', async () => {
    const ids = {};
    for (const title of ['stays', 'changes', 'goes']) ids[title] = (await client.save('Post', {title})).id;
    await other.holds('the other has them', 'Post', ids.goes, known);
    await client.holds('the client has sent them', 'Post', ids.goes, known);

    const from = client.now();
    await client.ask({do: 'online', is: false});
    await client.until('the client knows', ({event, data}) => event === 'networkStatus' && !data.active, from);
    await other.edit('Post', ids.changes, {title: 'changed'});
    await other.ask({do: 'remove', model: 'Post', key: [ids.goes]});
    ids.comes = (await other.save('Post', {title: 'comes'})).id;
    await other.holds('the other has sent them', 'Post', ids.comes, known);
    const own = await client.save('Post', {title: 'written offline'});
    assert.strictEqual((await client.get('Post', ids.changes)).title, 'changes');

    // Of now on: what the first sync has to tell may have come late.
    const back = client.now();
    await client.ask({do: 'online', is: true});
    const {data} = await client.until('the delta of the posts is in',
        ({event, data}) => event === 'modelSynced' && data.model === 'Post', back);
    assert.deepStrictEqual([data.isFullSync, data.isDeltaSync], [false, true]);
    assert.deepStrictEqual(data.counts, {new: 1, updated: data.counts.updated, deleted: 1});
    await client.holds('it has the new one', 'Post', ids.comes, known);
    await client.holds('it has the change', 'Post', ids.changes, (post) => post.title === 'changed' && post._version === 2);
    assert.strictEqual(await client.get('Post', ids.goes), null);
    await other.holds('the other has what was written offline', 'Post', own.id, known);
  });

  // C09
  test('clients come back by themselves after the server restarts, and miss nothing', async () => {
    const from = client.now();
    await backend.stop();
    await client.until('the client notices', ({state}) => state === 'ConnectionDisrupted', from);
    await backend.restart();
    const missed = await backend.call('mutation { createPost(input: {title: "while they were away"}) { id } }');
    await client.until('the client is connected again', ({state}) => state === 'Connected', from);
    await client.holds('the client has what it missed', 'Post', missed.id, known);
    await other.holds('so has the other', 'Post', missed.id, known);
    const fresh = await other.save('Post', {title: 'after the restart'});
    await client.holds('realtime is back', 'Post', fresh.id, known);
  });

  test('a client that stands still is let go by the server, and catches up by a delta', async () => {
    const crowded = await world.backend('blog.graphql', {more: ['--limits-queue-bytes', '64 KiB']});
    const still = await crowded.client().start();
    const from = still.now();
    still.program.process.kill('SIGSTOP');
    const creates = Array.from({length: 50}, (_, n) => `n${n}: createPost(input: {title: $title}) { id }`);
    for (let count = 0; count < FLOOD_COUNT; count += creates.length) {
      await crowded.call(`mutation ($title: String!) { ${creates.join(' ')} }`, {title: 'x'.repeat(20_000)});
    }
    still.program.process.kill('SIGCONT');
    await still.until('it has lost its socket', ({state}) => state === 'ConnectionDisrupted', from);
    await still.eventually('it has them all', {do: 'count', model: 'Post'}, (count) => count === FLOOD_COUNT);
    const {data} = await still.until('by a sync', ({event, data}) => event === 'modelSynced' && data.model === 'Post', from);
    assert.deepStrictEqual([data.isFullSync, data.isDeltaSync], [false, true]);
    await still.stop();
  });

  // S04, S05
  test(`${BULK_COUNT} records hydrate a client and a C++ device, page by page`, async () => {
    const quiet = await world.backend('blog.graphql');
    for (let first = 0; first < BULK_COUNT; first += 100) {
      const creates = Array.from({length: 100}, (_, n) => `n${n}: createSample(input: {text: "bulk", whole: ${first + n}}) { id }`);
      await quiet.call(`mutation { ${creates.join(' ')} }`);
    }
    const fresh = await quiet.client().start();
    const inJs = await fresh.ask({do: 'list', model: 'Sample'});
    assert.strictEqual(inJs.length, BULK_COUNT);
    const {data} = fresh.messages.find(({event, data}) => event === 'modelSynced' && data.model === 'Sample');
    assert.deepStrictEqual([data.isFullSync, data.counts.new], [true, BULK_COUNT]);
    const inCpp = await (await quiet.device()).ask({do: 'list', model: 'Sample'});
    assert.deepStrictEqual(inCpp.map(({id}) => id).sort(), inJs.map(({id}) => id).sort());
  });
});
