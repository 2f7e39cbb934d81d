// Gen 2's data client, `generateClient()` of aws-amplify 6, against `holdfast serve`, with what `holdfast pull` writes.
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const {after, before, describe, test} = require('node:test');

const {Watch} = require('./programs.js');
const {World} = require('./world.js');
const {dataClient, Hub} = require('./v6/data.js');

/** The data of an answer that must have no errors. */
async function data(answer) {
  const {data, errors} = await answer;
  assert.strictEqual(errors, undefined, JSON.stringify(errors));
  return data;
}

/** What an observable says, to wait for. */
function heard(observable) {
  const values = [];
  const watch = new Watch();
  const subscription = observable.subscribe({
    next: (value) => { values.push(value); watch.changed(); },
    error: (error) => { values.push({error}); watch.changed(); },
  });
  return {
    values,
    until: (what, check) => watch.until(what, () => values.find(check), () => `; heard ${JSON.stringify(values)}`),
    stop: () => subscription.unsubscribe(),
  };
}

describe('the Gen 2 data client', () => {
  let world, models, client;
  let ackCount = 0; // Of subscriptions that stand.
  const acks = new Watch();

  before(async () => {
    world = new World('v6');
    const echo = `${process.execPath} ${path.join(__dirname, 'echo_function.js')}`;
    const backend = await world.backend('todos.graphql', {conflict: 'none', more: ['--function', `echo=${echo}`]});
    client = dataClient(require(path.join(backend.pulled(), 'amplify_outputs.json')));
    models = client.models;
    Hub.listen('api', ({payload}) => {
      if (payload.event === 'Subscription ack') ++ackCount;
      acks.changed();
    });
  });
  after(async () => {
    await world.end();
    setTimeout(() => process.exit(), 3000).unref(); // The client keeps trying to reconnect; the results are in by then.
  });

  test('create, get, update, delete', async () => {
    const made = await data(models.Todo.create({
      content: 'first', priority: 'high', labels: ['a', 'b'], place: {lat: 1.5, lon: -2, label: 'here'}, extra: '{"a":[1]}'}));
    assert.match(made.id, /^[0-9a-f-]{36}$/);
    assert.deepStrictEqual([made.content, made.done, made.priority, made.labels, made.place, JSON.parse(made.extra)],
        ['first', null, 'high', ['a', 'b'], {lat: 1.5, lon: -2, label: 'here'}, {a: [1]}]);
    assert.strictEqual(made.createdAt, made.updatedAt);

    const changed = await data(models.Todo.update({id: made.id, done: true, labels: null}));
    assert.deepStrictEqual([changed.content, changed.done, changed.labels], ['first', true, null]);
    const got = await data(models.Todo.get({id: made.id}));
    assert.deepStrictEqual([got.done, got.place, got.updatedAt > made.updatedAt], [true, made.place, true]);
    assert.strictEqual((await data(models.Todo.delete({id: made.id}))).id, made.id);
    assert.strictEqual(await data(models.Todo.get({id: made.id})), null);
  });

  test('what fails says so and does not throw', async () => {
    const {id} = await data(models.TodoList.create({name: 'only one'}));
    const twice = await models.TodoList.create({id, name: 'another'});
    assert.deepStrictEqual([twice.data, twice.errors[0].errorType], [null, 'DynamoDB:ConditionalCheckFailedException']);
    const missing = await models.TodoList.update({id: 'nobody', name: 'x'});
    assert.deepStrictEqual([missing.data, missing.errors[0].errorType], [null, 'DynamoDB:ConditionalCheckFailedException']);
    const wrong = await models.Todo.create({content: 'x', priority: 'urgent'});
    assert.match(wrong.errors[0].message, /priority|Priority/);
  });

  test('list filters and pages', async () => {
    for (const n of [1, 2, 3, 4, 5]) await data(models.Todo.create({content: `page ${n}`, done: n % 2 === 0}));
    const filter = {and: [{content: {beginsWith: 'page'}}, {or: [{done: {eq: true}}, {content: {contains: '5'}}]}]};
    const found = await data(models.Todo.list({filter}));
    assert.deepStrictEqual(found.map(({content}) => content).sort(), ['page 2', 'page 4', 'page 5']);
    const all = [];
    let nextToken;
    do {
      const page = await models.Todo.list({limit: 2, nextToken});
      assert.ok(page.data.length <= 2 && !page.errors);
      all.push(...page.data);
      ({nextToken} = page);
    } while (nextToken);
    assert.strictEqual(all.filter(({content}) => content.startsWith('page')).length, 5);
    const few = await data(models.Todo.list({filter: {content: {eq: 'page 1'}}, selectionSet: ['content', 'place.lat']}));
    assert.deepStrictEqual(few, [{content: 'page 1', place: null}]);
  });

  test('a composite key finds one, and lists by its parts', async () => {
    for (const num of [1, 2, 3, 10]) await data(models.Seat.create({row: 'A', num, holder: `h${num}`}));
    await data(models.Seat.create({row: 'B', num: 1}));
    assert.strictEqual((await data(models.Seat.get({row: 'A', num: 10}))).holder, 'h10');
    const between = await data(models.Seat.list({row: 'A', num: {between: [2, 10]}, sortDirection: 'DESC'}));
    assert.deepStrictEqual(between.map(({num}) => num), [10, 3, 2]);
    await data(models.Seat.update({row: 'A', num: 1, holder: null}));
    await data(models.Seat.delete({row: 'A', num: 2}));
    assert.deepStrictEqual((await data(models.Seat.list({row: 'A'}))).map(({num, holder}) => [num, holder]),
        [[1, null], [3, 'h3'], [10, 'h10']]);
  });

  test('index queries, with a sort key and without', async () => {
    const {id: listId} = await data(models.TodoList.create({name: 'indexed'}));
    for (const content of ['b', 'a', 'c', 'ba']) await data(models.Todo.create({content, listId}));
    const contents = async (input) => (await data(models.Todo.todosByList({listId, ...input}))).map(({content}) => content);
    assert.deepStrictEqual(await contents({}), ['a', 'b', 'ba', 'c']);
    assert.deepStrictEqual(await contents({content: {beginsWith: 'b'}}), ['b', 'ba']);
    assert.deepStrictEqual(await contents({content: {ge: 'b'}, sortDirection: 'DESC'}), ['c', 'ba', 'b']);
    assert.deepStrictEqual(await contents({filter: {content: {ne: 'b'}}}), ['a', 'ba', 'c']);
    assert.deepStrictEqual((await data(models.Todo.listTodoByContent({content: 'ba'}))).map((todo) => todo.listId), [listId]);
  });

  test('relations: in a selection, and when asked for', async () => {
    const list = await data(models.TodoList.create({name: 'related'}));
    await data(models.Cover.create({colour: 'red', listId: list.id}));
    const todo = await data(models.Todo.create({content: 'of the list', listId: list.id, place: {lat: 1, lon: 2}}));
    await data(models.Todo.create({content: 'another', listId: list.id}));

    const selectionSet = ['name', 'todos.content', 'todos.place.*', 'todos.list.name', 'cover.colour'];
    const selected = await data(models.TodoList.get({id: list.id}, {selectionSet}));
    selected.todos.sort((a, b) => a.content < b.content ? -1 : 1);
    assert.deepStrictEqual(selected, {name: 'related', cover: {colour: 'red'}, todos: [
      {content: 'another', place: null, list: {name: 'related'}},
      {content: 'of the list', place: {lat: 1, lon: 2, label: null}, list: {name: 'related'}}]});
    assert.strictEqual((await data(todo.list())).name, 'related');
    assert.deepStrictEqual((await data(list.todos())).map(({content}) => content).sort(), ['another', 'of the list']);
    assert.strictEqual((await data(list.cover())).colour, 'red');
    const orphan = await data(models.Todo.create({content: 'alone'}));
    assert.strictEqual(await data(orphan.list()), null);
  });

  test('subscriptions, with a filter and without', async () => {
    const all = ['onCreate', 'onUpdate', 'onDelete'].map((name) => heard(models.TodoList[name]()));
    const some = heard(models.TodoList.onCreate({filter: {name: {beginsWith: 'loud'}}}));
    await acks.until('the subscriptions stand', () => ackCount === 4);
    const {id} = await data(models.TodoList.create({name: 'quiet'}));
    const loud = await data(models.TodoList.create({name: 'loud and clear'}));
    await all[0].until('it hears of the first', (one) => one.id === id);
    await some.until('it hears of the loud one', (one) => one.id === loud.id);
    assert.ok(!some.values.some((one) => one.id === id));
    await data(models.TodoList.update({id, name: 'renamed'}));
    assert.strictEqual((await all[1].until('it hears of the update', (one) => one.id === id)).name, 'renamed');
    await data(models.TodoList.delete({id}));
    assert.strictEqual((await all[2].until('it hears of the delete', (one) => one.id === id)).name, 'renamed');
    for (const one of [...all, some]) one.stop();
  });

  test('observeQuery keeps up with creates, updates and deletes', async () => {
    const before = await data(models.Cover.create({colour: 'observed blue'}));
    const query = heard(models.Cover.observeQuery({filter: {colour: {beginsWith: 'observed'}}}));
    const shows = (...colours) => query.until(`it shows ${colours}`, ({items, isSynced}) =>
        isSynced && JSON.stringify(items.map(({colour}) => colour).sort()) === JSON.stringify(colours));
    await shows('observed blue');
    const added = await data(models.Cover.create({colour: 'observed green'}));
    await shows('observed blue', 'observed green');
    await data(models.Cover.update({id: before.id, colour: 'observed azure'}));
    await shows('observed azure', 'observed green');
    await data(models.Cover.delete({id: added.id}));
    await shows('observed azure');
    query.stop();
  });

  test('custom operations are answered by the function', async () => {
    assert.deepStrictEqual(await data(client.queries.echo({text: 'hello'})), {text: 'hello', length: 5});
    assert.strictEqual(await data(client.queries.shout({text: 'hello'})), 'HELLO');
    assert.deepStrictEqual(await data(client.mutations.announce({texts: ['a', 'bc']})),
        [{text: 'a', length: 1}, {text: 'bc', length: 2}]);
  });

  test('enums are known by their values', () => {
    assert.deepStrictEqual(client.enums.Priority.values(), ['low', 'medium', 'high']);
  });
});
