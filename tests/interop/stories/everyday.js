// What every app does: start, write, observe, filter; two clients of one generation and a C++ device on one backend.
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

const SAMPLE = {
  text: 'naïve «text» \u{1F600}\n"quoted"', whole: -2147483648, real: 0.1, yes: false, day: '2026-02-28', hour: '23:59:58.123',
  moment: '2026-02-28T23:59:58.123Z', stamp: 1771234567, mail: 'one@example.com', json: '{"a":[1,null,{"b":"c"}]}',
  link: 'https://example.com/a?b=c#d', phone: '+1 555 123 4567', address: '192.168.0.1', numbers: [3, 1, 2],
  statuses: ['INACTIVE', 'ACTIVE'], place: {name: 'Home', lat: 1.5}, places: [{name: 'A', lat: null}, {name: 'B', lat: -2}],
};

const known = (post) => post && post._version >= 1;

module.exports = (generation) => describe('every day', () => {
  let world, backend, writer, reader, device;

  before(async () => {
    world = new World(generation);
    backend = await world.backend('blog.graphql');
    [writer, reader] = [backend.client(), backend.client()];
    await Promise.all([writer.start(), reader.start()]);
    device = await backend.device();
    for (const model of ['Blog', 'Post', 'Comment']) await reader.ask({do: 'observe', model});
  });
  after(() => world.end());

  const changed = (change, id, check = () => true, from = 0) => reader.until(`the reader observes ${change} of ${id}`,
      (message) => message.change === change && message.record.id === id && check(message.record), from);

  // H04, S17, C19
  test('a start tells its events in the documented order', () => {
    const told = writer.messages.filter(({event}) => event).map(({event}) => event);
    const order = ['subscriptionsEstablished', 'syncQueriesStarted', 'modelSynced', 'modelSynced', 'modelSynced', 'modelSynced',
      'syncQueriesReady', 'ready'];
    assert.deepStrictEqual(told.filter((name) => order.includes(name)), order);
    const early = told.slice(0, told.indexOf('subscriptionsEstablished') + 1).sort();
    for (const name of ['networkStatus', 'storageSubscribed']) assert.ok(early.includes(name), told.join(' ')); // In either order.
  });

  // O21, C13
  test('a record created, changed and deleted by one client is so on the other and on the device', async () => {
    const {id} = await writer.save('Post', {title: 'first', rating: 1, status: 'ACTIVE', tags: ['a', 'b']});
    const {record} = await changed('INSERT', id);
    assert.deepStrictEqual([record.title, record.rating, record.status, record.tags], ['first', 1, 'ACTIVE', ['a', 'b']]);
    await writer.holds('the writer knows its version', 'Post', id, known);

    await writer.edit('Post', id, {title: 'second', rating: null});
    const update = await changed('UPDATE', id, ({title}) => title === 'second');
    assert.strictEqual(update.record.rating, null);
    await writer.holds('the writer knows its version', 'Post', id, (post) => post._version === 2);
    await device.eventually('the device has the edit', {do: 'get', model: 'Post', key: [id]},
        (post) => post && post.title === 'second' && post.rating === null && post._version === 2);

    await writer.ask({do: 'remove', model: 'Post', key: [id]});
    await changed('DELETE', id);
    assert.strictEqual(await reader.get('Post', id), null);
    await device.eventually('the device sees it go', {do: 'get', model: 'Post', key: [id]}, (post) => post === null);
    const {_deleted, _version} = await backend.call('query ($id: ID!) { getPost(id: $id) { _version _deleted } }', {id});
    assert.deepStrictEqual([_version, _deleted], [3, true]);
  });

  test('what a C++ device writes is observed by the client', async () => {
    const {id} = await device.ask({do: 'save', model: 'Post', fields: {title: 'by C++'}});
    await changed('INSERT', id);
    await device.ask({do: 'edit', model: 'Post', key: [id], fields: {status: 'INACTIVE'}});
    const {record} = await changed('UPDATE', id);
    assert.deepStrictEqual([record.title, record.status], ['by C++', 'INACTIVE']);
    await device.ask({do: 'remove', model: 'Post', key: [id]});
    await changed('DELETE', id);
  });

  test('values of every type arrive as they were written', async () => {
    const {id} = await writer.save('Sample', SAMPLE);
    const arrived = await reader.holds('the reader has the sample', 'Sample', id, known);
    const json = (value) => typeof value === 'string' ? JSON.parse(value) : value; // Some generations parse AWSJSON.
    for (const [name, value] of Object.entries(SAMPLE)) {
      if (name === 'json') assert.deepStrictEqual(json(arrived.json), json(value));
      else assert.deepStrictEqual(arrived[name], value, name);
    }
    await writer.holds('the writer knows its version', 'Sample', id, known);
    const nothing = Object.fromEntries(Object.keys(SAMPLE).map((name) => [name, null]));
    await writer.edit('Sample', id, nothing);
    const emptied = await reader.holds('the reader has the nulls', 'Sample', id, (sample) => sample._version === 2);
    for (const name of Object.keys(SAMPLE)) assert.strictEqual(emptied[name], null, name);
  });

  test('children know their parents, and deleting a parent deletes them everywhere', async () => {
    const blog = await writer.save('Blog', {name: 'all of it'});
    const post = await writer.save('Post', {title: 'in the blog', blog: {model: 'Blog', key: [blog.id]}});
    const comment = await writer.save('Comment', {content: 'on the post', post: {model: 'Post', key: [post.id]}});
    const child = await reader.holds('the reader has the comment', 'Comment', comment.id, known);
    assert.strictEqual(child.post, post.id);
    assert.strictEqual((await reader.get('Post', post.id)).blog, blog.id);
    await writer.holds('the writer has sent them', 'Comment', comment.id, known);

    await writer.ask({do: 'remove', model: 'Blog', key: [blog.id]});
    for (const one of [comment, post, blog]) await changed('DELETE', one.id);
    const left = await backend.call(`query ($id: ID!) {
      getBlog(id: $id) { _deleted posts { items { _deleted comments { items { _deleted } } } } }
    }`, {id: blog.id});
    assert.deepStrictEqual(left, {_deleted: true, posts: {items: [{_deleted: true, comments: {items: [{_deleted: true}]}}]}});
  });

  // OQ01, OQ02, OQ03, OQ04, OQ12
  test('observeQuery shows what matches, from wherever it comes', async () => {
    await writer.save('Post', {title: 'oq one', rating: 50});
    const from = reader.now();
    await reader.ask({do: 'observeQuery', model: 'Post', matching: ['rating', 'ge', 50]});
    const shows = (...titles) => reader.until(`the query shows ${titles}`,
        ({snapshot, isSynced}) => isSynced && JSON.stringify(snapshot) === JSON.stringify(titles), from);
    await shows('oq one');
    const {id} = await writer.save('Post', {title: 'oq two', rating: 51});
    await shows('oq one', 'oq two');
    await writer.holds('the writer knows its version', 'Post', id, known);
    await writer.edit('Post', id, {rating: 49});
    await shows('oq one');
    await backend.call('mutation { createPost(input: {title: "oq three", rating: 52}) { id } }');
    await shows('oq one', 'oq three');
  });

  // O26, O30. Not that the last edit wins: a client in a hurry sends versions that it knows to be old (docs/interop.md).
  test('rapid edits end alike on both clients and the backend', async () => {
    const {id} = await writer.save('Post', {title: 'typing', rating: 0});
    await writer.holds('the writer knows its version', 'Post', id, known);
    const edits = Array.from({length: 12}, (_, at) => ({title: 'typing'.slice(0, 1 + at % 6) + at, rating: at}));
    const from = writer.now();
    await writer.ask({do: 'type', model: 'Post', key: [id], edits});
    await writer.until('the outbox is empty', ({event, data}) => event === 'outboxStatus' && data.isEmpty, from);
    const alike = async () => {
      const stored = await backend.call('query ($id: ID!) { getPost(id: $id) { title rating _version } }', {id});
      return [await writer.get('Post', id), await reader.get('Post', id)].every((post) =>
          post.title === stored.title && post.rating === stored.rating && post._version === stored._version) ? stored : undefined;
    };
    await writer.program.watch.until('all hold the same', alike);
  });

  test('mutations from outside reach observers, whatever they select', async () => {
    const {id} = await backend.call('mutation { createPost(input: {title: "outside", rating: 7, tags: ["x"]}) { id } }');
    const {record} = await changed('INSERT', id);
    assert.deepStrictEqual([record.title, record.rating, record.tags, record._version], ['outside', 7, ['x'], 1]);
    await backend.call('mutation ($id: ID!) { updatePost(input: {id: $id, rating: 8, _version: 1}) { id } }', {id});
    const update = await changed('UPDATE', id);
    assert.deepStrictEqual([update.record.title, update.record.rating], ['outside', 8]);
    await backend.call('mutation ($id: ID!) { deletePost(input: {id: $id, _version: 2}) { id } }', {id});
    await changed('DELETE', id);
  });

  // S34, C03
  test('a client that syncs selectively has what it asked for, and hears of nothing else', async () => {
    const low = await writer.save('Post', {title: 'low before', rating: 60});
    const high = await writer.save('Post', {title: 'high before', rating: 70});
    await writer.holds('the writer has sent them', 'Post', high.id, known);
    const picky = await backend.client({only: {Post: ['rating', 'gt', 65]}}).start();
    const titles = async () => (await picky.ask({do: 'list', model: 'Post'})).map(({title}) => title).sort();
    assert.deepStrictEqual(await titles(), ['high before']);

    await picky.ask({do: 'observe', model: 'Post'});
    await backend.call('mutation { createPost(input: {title: "low after", rating: 61}) { id } }');
    const {id} = await backend.call('mutation { createPost(input: {title: "high after", rating: 71}) { id } }');
    await picky.until('it observes the post that matches', ({change, record}) => change && record.id === id);
    assert.deepStrictEqual(await titles(), ['high after', 'high before']);
    assert.strictEqual(await picky.get('Post', low.id), null);
    await picky.stop();
  });
});
