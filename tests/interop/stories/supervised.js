// A restart that costs clients no write: the listening socket outlives the server (docs/guide/serving.md).
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

const WRITE_COUNT = 150;

module.exports = (generation) => describe('a supervised server', () => {
  let world, backend;
  before(async () => {
    world = new World(generation);
    backend = await world.backend('blog.graphql', {isSupervised: true});
  });
  after(() => world.end());

  test('a restart loses no write of a client that keeps writing', async () => {
    const client = await backend.client().start();
    const sentCount = () => client.messages.filter(({event}) => event === 'outboxMutationProcessed').length;
    for (let n = 0; n < WRITE_COUNT; ++n) client.tell({do: 'save', model: 'Post', fields: {title: `write ${n}`}});
    for (const sent of [10, 40, 70]) {
      await client.until(`${sent} writes are through`, () => sentCount() >= sent);
      backend.replace();
    }
    // Asked of the backend: DataStore 3 does not tell of the write that was under way when its socket was closed.
    const {items} = await client.program.watch.until('all writes are through', async () => {
      try {
        const posts = await backend.call(`{ listPosts(limit: 1000) { items { title _version } } }`);
        return posts.items.length >= WRITE_COUNT && posts;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return undefined; // What fetch says of a server that is just being replaced.
      }
    });
    assert.deepStrictEqual(client.messages.filter(({failed}) => failed && failed.process !== 'subscribe'), []);
    assert.deepStrictEqual(items.map(({title}) => title).sort(), Array.from({length: WRITE_COUNT}, (_, n) => `write ${n}`).sort());
    assert.ok(items.every(({_version}) => _version === 1));
  });
});
