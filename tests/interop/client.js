// A published client that obeys JSON lines, one process a client: node client.js '{"generation": "v6", "schema": …}'.
// Says every Hub event, every observed change and every answer as one JSON line.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const options = JSON.parse(process.argv[2]);
const {DataStore, DISCARD, Hub, initSchema, syncExpression, setOnline, configure, where, resent, graphql} =
    require(`./${options.generation}/amplify.js`);
// models/schema.js as the generator writes it: one export in front of JSON.
const schema = JSON.parse(fs.readFileSync(options.schema, 'utf8').replace(/^export const schema = |;\s*$/g, ''));
const models = initSchema(schema);

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');

/** A record's stored fields and metadata, and the keys of its parents. */
async function plain(model, record) {
  if (!record) return null;
  const out = {_version: record._version, _deleted: record._deleted};
  for (const field of Object.values(schema.models[model].fields)) {
    if (!field.association) out[field.name] = record[field.name];
    else if (field.association.connectionType === 'BELONGS_TO') out[field.name] = (await record[field.name])?.id ?? null;
  }
  return out;
}

function keyed(model, key) {
  const names = schema.models[model].attributes.find((one) => one.type === 'key' && !one.properties.name)?.properties.fields;
  return names?.length > 1 ? Object.fromEntries(names.map((name, at) => [name, key[at]])) : key[0];
}

const find = (model, key) => DataStore.query(models[model], keyed(model, key));

/** Field values with records in the place of `{model, key}`. */
async function resolved(fields) {
  const out = {...fields};
  for (const [name, value] of Object.entries(fields)) {
    if (value && value.model) out[name] = await find(value.model, value.key);
  }
  return out;
}

const verbs = {
  start: () => DataStore.start(),
  stop: () => DataStore.stop(),
  clear: () => DataStore.clear(),
  online: ({is}) => setOnline(is),
  async save({model, fields}) {
    return plain(model, await DataStore.save(new models[model](await resolved(fields))));
  },
  async edit({model, key, fields, condition}) {
    const values = await resolved(fields);
    const edited = models[model].copyOf(await find(model, key), (draft) => { Object.assign(draft, values); });
    return plain(model, await DataStore.save(edited, ...(condition ? [where(condition)] : [])));
  },
  /** Edits of one record as fast as a user's keyboard may: each waits for the local save only. */
  async type({model, key, edits}) {
    for (const fields of edits) await verbs.edit({model, key, fields});
  },
  remove: async ({model, key}) => void await DataStore.delete(await find(model, key)),
  get: async ({model, key}) => plain(model, await find(model, key)),
  async list({model, matching}) {
    const records = await DataStore.query(models[model], ...(matching ? [where(matching)] : []));
    return Promise.all(records.map((record) => plain(model, record)));
  },
  count: async ({model}) => (await DataStore.query(models[model])).length,
  observe({model}) {
    DataStore.observe(models[model]).subscribe(({opType, element}) => say({
      change: opType, model, record: {...element}}));
  },
  observeQuery({model, matching}) {
    DataStore.observeQuery(models[model], ...(matching ? [where(matching)] : [])).subscribe(({items, isSynced}) => say({
      snapshot: items.map((item) => item.title).sort(), isSynced}));
  },
};

/** A statement of `codegen statements`, as the app imports it. */
const statement = (name) => statements[name] ?? assert.fail(`no statement ${name}`);
const statements = Object.assign({}, ...['queries', 'mutations', 'subscriptions'].map((kind) => {
  const text = fs.readFileSync(path.join(path.dirname(options.schema), `${kind}.js`), 'utf8');
  return Object.fromEntries([...text.matchAll(/export const (\w+) = (?:\/\*.*?\*\/ )?`(.*?)`/gs)].map(([, name, body]) => [name, body]));
}));

/** What the API category of this generation does with a statement. */
Object.assign(verbs, {
  async graphql({name, variables}) {
    try {
      return {data: (await graphql({query: statement(name), variables})).data};
    } catch ({data, errors}) {
      return {data, errors};
    }
  },
  subscribe({name, variables}) {
    graphql({query: statement(name), variables}).subscribe({
      // Generations 4 and 5 wrap what 6 gives.
      next: (event) => say({received: (event.value ?? event).data}),
      error: (error) => say({received: {error}}),
    });
  },
});

/** Ours laid over theirs, as the documentation's example does. */
function keepMine({modelConstructor, localModel, remoteModel}) {
  return resent(modelConstructor.copyOf(remoteModel, (draft) => { draft.title = localModel.title; }));
}

function onConflict(conflict) {
  say({conflict: {operation: conflict.operation, attempts: conflict.attempts,
    mine: {...conflict.localModel}, theirs: {...conflict.remoteModel}}});
  return options.onConflict === 'mine' ? keepMine(conflict) : DISCARD;
}

configure(options.pulled);
DataStore.configure({
  errorHandler: ({message, errorType, process, operation}) => say({failed: {message, errorType, process, operation}}),
  ...(options.onConflict ? {conflictHandler: onConflict} : {}),
  syncExpressions: Object.entries(options.only ?? {}).map(
      ([model, matching]) => syncExpression(models[model], () => where(matching))),
});
Hub.listen('datastore', ({payload: {event, data}}) => say({event, data: {
  ...data, model: data?.model?.name, element: undefined, models: data?.models}}));
Hub.listen('api', ({payload: {event, data}}) => say({api: event, state: data?.connectionState, query: data?.query}));

const lines = readline.createInterface({input: process.stdin});
lines.on('line', async (line) => {
  const command = JSON.parse(line);
  try {
    say({n: command.n, ok: (await verbs[command.do](command)) ?? null});
  } catch (error) {
    say({n: command.n, error: {message: error.message}});
  }
});
// A client stopped in the middle of a reconnect keeps its timers for good: the process ends with its input.
lines.on('close', () => process.exit(0));
