// What an application does with generated models in the published DataStore, by story. A DataStore takes one schema
// for life, so each story is a process of its own: node stories.js <story> <folder of models>.
'use strict';

const assert = require('node:assert');
const {createRequire} = require('node:module');
const path = require('node:path');

const {root, tools} = require('./published.js');
const {DataStore} = require('../interop/v6/amplify.js');

const clients = createRequire(path.join(root, 'tests', 'interop', 'v6', 'package.json'));
const esbuild = tools('esbuild');

/** The models as an application's bundler sees them: imports without suffix, DataStore from its packages. */
function load(folder) {
  const options = {bundle: true, format: 'cjs', platform: 'node', external: ['@aws-amplify/*'], write: false};
  const built = esbuild.buildSync({...options, entryPoints: [path.join(folder, 'index.js')]});
  const module = {exports: {}};
  new Function('module', 'exports', 'require', built.outputFiles[0].text)(module, module.exports, clients);
  return module.exports;
}

const listed = async (list) => (Array.isArray(list) ? list : list.toArray());

const stories = {
  async comments({Post, Comment}) {
    const post = await DataStore.save(new Post({title: 'first', rating: 5, status: 'ACTIVE'}));
    await DataStore.save(new Comment({content: 'well said', post}));
    await DataStore.save(Post.copyOf(post, (draft) => { draft.title = 'second'; }));
    const found = await DataStore.query(Post, post.id);
    assert.strictEqual(found.title, 'second');
    const comments = await listed(found.comments);
    assert.deepStrictEqual(comments.map((one) => one.content), ['well said']);
    assert.strictEqual((await comments[0].post).id, post.id);
    await DataStore.delete(found);
    assert.deepStrictEqual(await DataStore.query(Comment), [], 'comments go with their post');
  },

  async editors_v1({Post, User, PostEditor}) {
    const post = await DataStore.save(new Post({title: 'first'}));
    const editor = await DataStore.save(new User({username: 'ada'}));
    await DataStore.save(new PostEditor({post, editor}));
    const [join] = await listed((await DataStore.query(User, editor.id)).posts);
    assert.strictEqual((await join.post).title, 'first');
    const [back] = await listed((await DataStore.query(Post, post.id)).editors);
    assert.strictEqual((await back.editor).username, 'ada');
  },

  async editors_v2({Post, User, PostEditor}) {
    const post = await DataStore.save(new Post({title: 'first'}));
    const user = await DataStore.save(new User({username: 'ada'}));
    await DataStore.save(new PostEditor({post, user}));
    const [join] = await listed((await DataStore.query(User, user.id)).posts);
    assert.strictEqual((await join.post).title, 'first');
    const [back] = await listed((await DataStore.query(Post, post.id)).editors);
    assert.strictEqual((await back.user).username, 'ada');
  },

  async keys({Account, Reading, Place, Kind}) {
    await DataStore.save(new Account({email: 'ada@example.com', name: 'Ada'}));
    assert.strictEqual((await DataStore.query(Account, 'ada@example.com')).name, 'Ada');
    const key = {sensor: 's1', at: '2026-01-02T03:04:05Z'};
    const places = [new Place({street: 'Elm', tags: ['a', null]})];
    await DataStore.save(new Reading({...key, value: 1.5, kind: Kind.VERY_COLD, places}));
    const reading = await DataStore.query(Reading, key);
    assert.deepStrictEqual([reading.value, reading.kind, reading.places[0].tags], [1.5, 'veryCold', ['a', null]]);
    assert.throws(() => new Reading({...key, value: null}), /Field value is required/);
    assert.throws(() => new Place({street: 5}), /street should be of type string/);
  },
};

async function main() {
  const [story, folder] = process.argv.slice(2);
  await stories[story](load(folder));
  console.log('told');
  process.exit(0); // DataStore keeps timers.
}

main();
