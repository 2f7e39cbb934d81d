// An app without DataStore: `API.graphql` with the statements of `holdfast codegen statements`.
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

module.exports = (generation) => describe('statements', () => {
  let world, client;
  before(async () => {
    world = new World(generation);
    client = (await world.backend('blog.graphql')).client();
  });
  after(() => world.end());

  const ask = (name, variables = {}) => client.ask({do: 'graphql', name, variables});
  async function data(name, variables) {
    const {data, errors} = await ask(name, variables);
    assert.strictEqual(errors, undefined, JSON.stringify(errors));
    return data[name];
  }

  test('every kind of query and mutation', async () => {
    const blog = await data('createBlog', {input: {name: 'a blog'}});
    const rating = {a: 97, b: 98, c: 99};
    for (const title of ['b', 'a', 'c']) await data('createPost', {input: {title, rating: rating[title], blogID: blog.id}});
    const sorted = await data('postsByBlog', {blogID: blog.id, title: {ge: 'b'}, sortDirection: 'DESC'});
    assert.deepStrictEqual(sorted.items.map(({title}) => title), ['c', 'b']);

    const [post] = sorted.items;
    assert.deepStrictEqual([post.__typename, post._version, post._deleted], ['Post', 1, null]);
    const update = await data('updatePost', {input: {id: post.id, title: 'd', _version: 1}, condition: {rating: {eq: 99}}});
    assert.deepStrictEqual([update.title, update._version], ['d', 2]);
    const got = await data('getPost', {id: post.id});
    assert.deepStrictEqual([got.title, got.blog.name], ['d', 'a blog']);
    assert.strictEqual((await data('deletePost', {input: {id: post.id, _version: 2}}))._deleted, true);

    const list = await data('listPosts', {filter: {title: {ne: 'a'}}, limit: 10});
    assert.ok(list.items.every(({title}) => title !== 'a') && list.items.some(({title}) => title === 'b'));
    const synced = await data('syncPosts', {lastSync: 0});
    assert.deepStrictEqual(synced.items.map(({title, _deleted}) => [title, _deleted]).sort(),
        [['a', null], ['b', null], ['d', true]]);
    assert.strictEqual(synced.nextToken, null);
  });

  test('errors come with their type and what there is of data', async () => {
    const post = await data('createPost', {input: {title: 'guarded', rating: 1}});
    const refused = {input: {id: post.id, title: 'x', _version: 1}, condition: {rating: {gt: 1}}};
    const {data: none, errors: [error]} = await ask('updatePost', refused);
    assert.deepStrictEqual([none, error.errorType, error.data.title, error.path],
        [{updatePost: null}, 'DynamoDB:ConditionalCheckFailedException', 'guarded', ['updatePost']]);
  });

  test('subscriptions hear of what others do', async () => {
    await client.ask({do: 'subscribe', name: 'onCreateComment'});
    await client.until('the subscription stands', ({api, query}) => api === 'Subscription ack' && /onCreateComment/.test(query));
    const post = await data('createPost', {input: {title: 'commented'}});
    const {id} = await data('createComment', {input: {content: 'well said', postID: post.id}});
    const {received} = await client.until('it hears of the comment', ({received}) => received?.onCreateComment?.id === id);
    assert.deepStrictEqual([received.onCreateComment.content, received.onCreateComment.post.title], ['well said', 'commented']);
  });
});
