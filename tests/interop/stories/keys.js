// Records that are known by other things than an `id`. DataStore 3 has no custom keys.
'use strict';

const assert = require('node:assert');
const {after, before, describe, test} = require('node:test');

const {World} = require('../world.js');

const known = (record) => record && record._version >= 1;

module.exports = (generation) => describe('custom keys', () => {
  let world, backend, writer, reader;
  before(async () => {
    world = new World(generation);
    backend = await world.backend('keys.graphql');
    [writer, reader] = [backend.client(), backend.client()];
    await Promise.all([writer.start(), reader.start()]);
  });
  after(() => world.end());

  // O38
  test('a composite key carries a record through its life', async () => {
    const key = ['sku-1', 'north'];
    await writer.save('Product', {sku: key[0], warehouse: key[1], title: 'first'});
    await writer.save('Product', {sku: key[0], warehouse: 'south', title: 'its namesake'});
    await reader.holds('the reader has it', 'Product', key, known);
    await writer.holds('the writer knows its version', 'Product', key, known);
    await writer.edit('Product', key, {title: 'second'});
    await reader.holds('the reader has the edit', 'Product', key, (one) => one.title === 'second' && one._version === 2);
    await writer.holds('the writer has the version', 'Product', key, (one) => one._version === 2);
    await writer.ask({do: 'remove', model: 'Product', key});
    await reader.holds('it goes', 'Product', key, (one) => one === null);
    assert.strictEqual((await reader.get('Product', 'sku-1', 'south')).title, 'its namesake');
  });

  test('a child of a parent with a composite key finds it, and goes with it', async () => {
    await writer.save('Product', {sku: 'sku-2', warehouse: 'east', title: 'whole'});
    await writer.save('Part', {code: 'p-1', title: 'part', product: {model: 'Product', key: ['sku-2', 'east']}});
    await reader.holds('the reader has the part', 'Part', ['p-1'], known);
    const stored = await backend.call('query { getPart(code: "p-1") { product { sku warehouse title } } }');
    assert.deepStrictEqual(stored, {product: {sku: 'sku-2', warehouse: 'east', title: 'whole'}});
    await writer.holds('the writer has sent it', 'Part', ['p-1'], known);
    await writer.ask({do: 'remove', model: 'Product', key: ['sku-2', 'east']});
    await reader.holds('the part goes', 'Part', ['p-1'], (part) => part === null);
  });
});
