// Edits that meet: conditions, automerge, optimistic concurrency with the app's handler.
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

const at = (version) => (post) => post && post._version === version;
const UPDATE = `mutation ($input: UpdatePostInput!) { updatePost(input: $input) { id _version } }`;

module.exports = (generation) => describe('edits that meet', () => {
  let world;
  before(() => { world = new World(generation); });
  after(() => world.end());

  /** Goes offline and edits there; the network is back when `meanwhile` has happened. */
  async function editOffline(client, id, fields, meanwhile, condition) {
    const from = client.now();
    await client.ask({do: 'online', is: false});
    await client.until('the client knows that it is offline',
        ({event, data}) => event === 'networkStatus' && data.active === false, from);
    const before = client.now();
    await client.edit('Post', id, fields, condition);
    // An edit reaches the outbox after edit() has returned. What finds the client online by then is sent by the session
    // that has ended, and nobody takes its answer: the client keeps its own record.
    await client.until('the edit is in the outbox', ({event}) => event === 'outboxMutationEnqueued', before);
    await meanwhile();
    await client.ask({do: 'online', is: true});
  }

  async function post(client, fields) {
    const {id} = await client.save('Post', fields);
    await client.holds('the client knows its version', 'Post', id, at(1));
    return id;
  }

  // X08, X15
  test('an update whose condition no longer holds is rejected, and the client takes the record as it is', async () => {
    const backend = await world.backend('blog.graphql');
    const client = await backend.client().start();
    const id = await post(client, {title: 'conditional', rating: 1});
    await editOffline(client, id, {title: 'mine'},
        () => backend.call(UPDATE, {input: {id, rating: 2, _version: 1}}), ['rating', 'eq', 1]);
    const {failed} = await client.until('the error handler hears of it', (message) => message.failed);
    assert.strictEqual(failed.operation, 'Update');
    assert.match(failed.message, /conditional request failed/i);
    const now = await client.holds('the client has the record as it is', 'Post', id, at(2));
    assert.deepStrictEqual([now.title, now.rating], ['conditional', 2]);

    await assert.rejects(client.edit('Post', id, {title: 'mine'}, ['rating', 'eq', 1]), /Conditional update failed/);
    await client.edit('Post', id, {title: 'mine'}, ['rating', 'eq', 2]);
    await client.holds('a condition that holds lets the edit through', 'Post', id, at(3));
    assert.strictEqual((await client.get('Post', id)).title, 'mine');
    await client.stop();
  });

  // X11a
  test('automerge keeps what both changed, the service\'s value where both changed the same, and every list item', async () => {
    const backend = await world.backend('blog.graphql');
    const [client, device] = [await backend.client().start(), await backend.device()];
    const id = await post(client, {title: 'shared', rating: 3, tags: ['a']});
    await device.eventually('the device has the post', {do: 'get', model: 'Post', key: [id]}, at(1));
    await editOffline(client, id, {title: 'title by JS', tags: ['a', 'js']}, async () => {
      await device.ask({do: 'edit', model: 'Post', key: [id], fields: {rating: 33, tags: ['a', 'c++']}});
      await device.eventually('the device\'s edit is accepted', {do: 'get', model: 'Post', key: [id]}, at(2));
    });
    const inJs = await client.holds('the client holds the merge', 'Post', id, at(3));
    const inCpp = await device.eventually('the device holds the merge', {do: 'get', model: 'Post', key: [id]}, at(3));
    for (const {title, rating, tags} of [inJs, inCpp]) {
      assert.deepStrictEqual([title, rating, tags], ['title by JS', 33, ['a', 'c++', 'a', 'js']]);
    }

    await editOffline(client, id, {title: 'later by JS'},
        () => backend.call(UPDATE, {input: {id, title: 'first by another', _version: 3}}));
    const settled = await client.holds('the service\'s value stays', 'Post', id, at(5));
    assert.strictEqual(settled.title, 'first by another');
    await client.stop();
  });

  // X02
  test('optimistic concurrency asks the app, which keeps its own', async () => {
    const backend = await world.backend('blog.graphql', {conflict: 'optimistic'});
    const client = await backend.client({onConflict: 'mine'}).start();
    const id = await post(client, {title: 'contested', rating: 1});
    await editOffline(client, id, {title: 'mine'},
        () => backend.call(UPDATE, {input: {id, title: 'theirs', rating: 2, _version: 1}}));
    const {conflict} = await client.until('the handler is asked', (message) => message.conflict);
    const {operation, attempts, mine, theirs} = conflict;
    assert.deepStrictEqual([operation, attempts, mine.title, theirs.title, theirs._version], ['UPDATE', 1, 'mine', 'theirs', 2]);
    await client.holds('the client holds what the handler made', 'Post', id, at(3));
    const stored = await backend.call('query ($id: ID!) { getPost(id: $id) { title rating _version } }', {id});
    assert.deepStrictEqual(stored, {title: 'mine', rating: 2, _version: 3});
    await client.stop();
  });

  // X02, X05
  test('optimistic concurrency asks the app, which takes the other\'s; and an edit of a deleted record gives way', async () => {
    const backend = await world.backend('blog.graphql', {conflict: 'optimistic'});
    const client = await backend.client({onConflict: 'theirs'}).start();
    const id = await post(client, {title: 'contested', rating: 1});
    await editOffline(client, id, {title: 'mine'}, () => backend.call(UPDATE, {input: {id, title: 'theirs', _version: 1}}));
    await client.until('the handler is asked', (message) => message.conflict);
    const taken = await client.holds('the client holds the other\'s', 'Post', id, at(2));
    assert.strictEqual(taken.title, 'theirs');

    await editOffline(client, id, {title: 'mine again'},
        () => backend.call('mutation ($id: ID!) { deletePost(input: {id: $id, _version: 2}) { id } }', {id}));
    await client.holds('the record is gone', 'Post', id, (now) => now === null);
    await client.stop();
  });

  test('a delete of a version that is no longer is refused, and the record comes back', async () => {
    const backend = await world.backend('blog.graphql');
    const client = await backend.client({onConflict: 'theirs'}).start();
    const id = await post(client, {title: 'to go', rating: 1});
    const from = client.now();
    await client.ask({do: 'online', is: false});
    await client.until('the client knows that it is offline',
        ({event, data}) => event === 'networkStatus' && !data.active, from);
    await client.ask({do: 'remove', model: 'Post', key: [id]});
    assert.strictEqual(await client.get('Post', id), null);
    await backend.call(UPDATE, {input: {id, title: 'to stay', _version: 1}});
    await client.ask({do: 'online', is: true});
    const back = await client.holds('the record is back', 'Post', id, at(2));
    assert.strictEqual(back.title, 'to stay');
    await client.stop();
  });
});
