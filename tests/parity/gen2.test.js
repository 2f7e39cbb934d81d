// Gen 2: a resource.ts is accepted wherever a schema is, and what is wrong with it is shown where it stands.
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const {test} = require('node:test');

const {done, filesOf, holdfast, scratchFolder} = require('./programs.js');
const {root, tools} = require('./published.js');

const {parse, visit} = tools('graphql');

const fixtures = path.join(__dirname, 'gen2');
const everything = path.join(fixtures, 'amplify', 'data', 'resource.ts');
// A resource.ts each, and beside it the GraphQL that the published DSL made of it once.
const RECORDED = ['blog', 'operations', 'todo'].map((name) => path.join(fixtures, name));

/** A document as text in which order and layout do not count, and directives do. */
function canonical(sdl) {
  const byName = (left, right) => (left.name.value < right.name.value ? -1 : 1);
  const sorted = visit(parse(sdl, {noLocation: true}), {
    leave(node) {
      const copy = {...node};
      for (const key of ['definitions', 'fields', 'values', 'arguments']) {
        if (Array.isArray(copy[key]) && copy[key].every((each) => each.name)) copy[key] = [...copy[key]].sort(byName);
      }
      return copy;
    },
  });
  return JSON.stringify(sorted, null, 1);
}

function resourceFile(t, text, name = 'resource.ts') {
  const file = path.join(scratchFolder(t), name);
  fs.writeFileSync(file, text);
  return file;
}

/** What the script answers of a file: {sdl, modes, notices}. */
function reply(t, file) {
  const {output} = spawnSync(process.execPath, [path.join(root, 'tools', 'node', 'run.cjs'), 'resource'], {
    encoding: 'utf8', input: JSON.stringify({path: file, scratch: scratchFolder(t)}), stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  });
  return JSON.parse(output[3]);
}

function refusal(t, text, env) {
  const file = resourceFile(t, text);
  const {status, stderr} = holdfast(['check', '--schema', file], {env});
  assert.equal(status, 1, stderr);
  return stderr.replaceAll(file, 'resource.ts');
}

for (const folder of RECORDED) {
  const [name, schema, resource] = [path.basename(folder), path.join(folder, 'schema.graphql'), path.join(folder, 'resource.ts')];
  test(`the schema that ${name} defines is the recorded one`, () => {
    const made = done(['codegen', 'schema', '--schema', resource]);
    assert.equal(canonical(made), canonical(fs.readFileSync(schema, 'utf8')));
  });

  test(`${name} gives the API that its GraphQL gives`, (t) => {
    const modes = ['--auth', reply(t, resource).modes.join(',')];
    assert.equal(done(['codegen', 'api', '--schema', resource]), done(['codegen', 'api', '--schema', schema, ...modes]));
  });
}

test('every verb takes a resource.ts', (t) => {
  const out = scratchFolder(t);
  const schema = ['--schema', everything];
  assert.match(done(['check', ...schema]), /The schema is sound/);
  assert.match(done(['codegen', 'api', ...schema]), /type ModelCustomerConnection/);
  done(['codegen', 'models', ...schema, '--out', path.join(out, 'cpp')]);
  assert.deepEqual(Object.keys(filesOf(path.join(out, 'cpp'))), ['models.cc', 'models.h']);
  done(['codegen', 'statements', ...schema, '--out', path.join(out, 'statements')]);
  assert.match(filesOf(path.join(out, 'statements'))['queries.graphql'], /query GetCustomer\(/);
});

test('what the DSL says of access reaches the API', (t) => {
  const text = `import { a, defineData } from '@aws-amplify/backend';
    const schema = a.schema({ Note: a.model({ text: a.string() }).authorization((allow) => [allow.publicApiKey()]) });
    export const data = defineData({ schema, authorizationModes: { defaultAuthorizationMode: 'MODE', apiKeyAuthorizationMode: {} } });`;
  const api = (mode) => done(['codegen', 'api', '--schema', resourceFile(t, text.replace('MODE', mode))]);
  assert.doesNotMatch(api('apiKey'), /@aws_api_key/, 'the default mode is not written');
  assert.match(api('userPool'), /type Note @aws_api_key/);
});

test('what only the service runs is told', () => {
  const {stderr} = holdfast(['check', '--schema', everything]);
  assert.match(stderr, /notice: JavaScript of AppSync, which is not run, handles Query\.remote, Mutation\.announce/);
});

test('the default mode and the others come from defineData', (t) => {
  const modes = (given) => reply(t, resourceFile(t, `import { a, defineData } from '@aws-amplify/backend';
    const schema = a.schema({ Note: a.model({ text: a.string() }).authorization((allow) => [allow.publicApiKey()]) });
    export const data = defineData({ schema, authorizationModes: ${given} });`)).modes;
  assert.deepEqual(modes('undefined'), []);
  assert.deepEqual(modes('{ defaultAuthorizationMode: "apiKey" }'), ['apiKey', 'iam', 'userPools']);
  assert.deepEqual(modes('{ defaultAuthorizationMode: "identityPool" }'), ['iam', 'userPools']);
  assert.deepEqual(modes('{ defaultAuthorizationMode: "userPool", lambdaAuthorizationMode: {}, apiKeyAuthorizationMode: {} }'),
                   ['userPools', 'apiKey', 'lambda', 'iam']);
});

test('a schema needs no defineData when it is exported', (t) => {
  const file = resourceFile(t, `import { a } from '@aws-amplify/data-schema';
    export const schema = a.schema({ Note: a.model({ text: a.string() }) }).authorization((allow) => [allow.guest()]);`, 'schema.mts');
  assert.match(done(['codegen', 'schema', '--schema', file]), /type Note @model/);
});

test('several schemas of one file are one schema', (t) => {
  const part = (model) => `a.schema({
      ${model}: a.model({ text: a.string() }),
      echo${model}: a.query().arguments({ text: a.string() }).returns(a.string()).handler(a.handler.function('echo')),
    }).authorization((allow) => [allow.publicApiKey()])`;
  const file = resourceFile(t, `import { a, defineData } from '@aws-amplify/backend';
    export const data = defineData({ schema: a.combine([${part('One')}, ${part('Two')}]) });`);
  const api = done(['codegen', 'api', '--schema', file]);
  for (const field of ['getOne(', 'getTwo(', 'echoOne(', 'echoTwo(']) assert.ok(api.includes(field), field);
});

test('amplify/backend.ts leads to the data, whatever else it sets up', (t) => {
  const folder = scratchFolder(t);
  fs.writeFileSync(path.join(folder, 'data.ts'), `import { type ClientSchema, a, defineData } from '@aws-amplify/backend';
    import type { Elsewhere } from 'not-installed';
    enum Level { Low, High }
    const first = await Promise.resolve(Level.High);
    const schema = a.schema({ Note: a.model({ level: a.string().default(Level[first]) }) })
      .authorization((allow) => [allow.owner()]);
    export type Schema = ClientSchema<typeof schema> & Elsewhere;
    export const data = defineData({ schema });`);
  const file = path.join(folder, 'backend.ts');
  fs.writeFileSync(file, `import { defineAuth, defineBackend } from '@aws-amplify/backend';
    import { defineExtra } from '@aws-amplify/backend-extra';
    import { data } from './data';
    const backend = defineBackend({ auth: defineAuth({ loginWith: { email: true } }), data, extra: defineExtra() });
    const { cfnUserPool } = backend.auth.resources.cfnResources;
    cfnUserPool.policies = { passwordPolicy: { minimumLength: 8 } };
    for (const table of backend.data.resources.tables) table.grantReadData(backend.auth);
    backend.addOutput({ custom: { pool: \`\${backend.auth.resources.userPool.userPoolId}\` } });`);
  assert.match(done(['codegen', 'schema', '--schema', file]), /level: String @default\(value: "High"\)/);
});

test('problems of the schema are shown in the GraphQL that the file became', (t) => {
  // The DSL lets it through; the dialect does not.
  const stderr = refusal(t, `import { a, defineData } from '@aws-amplify/backend';
    export const data = defineData({ schema: a.schema({
      ping: a.query().arguments({ text: a.string().default('x') }).returns(a.string())
        .handler(a.handler.function('ping')).authorization((allow) => [allow.publicApiKey()]),
    }) });`);
  assert.match(stderr, /^resource\.ts \(as GraphQL\):\d+:\d+: error: .*@default/m);
});

test('what the file throws is shown where it was thrown', (t) => {
  const stderr = refusal(t, `import { a } from '@aws-amplify/backend';
function fieldOf(name: string): never {
  throw new TypeError('no field called ' + name);
}
export const schema = a.schema({ Note: a.model({ text: fieldOf('text') }) });
`);
  assert.match(stderr, /^resource\.ts:3:\d+: error: TypeError: no field called text\n {4}throw new TypeError/);
  assert.match(stderr, /hint: .*ampx/);
});

test('what the file throws later is an error, too', (t) => {
  assert.match(refusal(t, "Promise.reject(new Error('too late'));\nexport {};\n"), /^resource\.ts:1:\d+: error: too late/);
});

test('mistakes in the TypeScript are all shown', (t) => {
  assert.match(refusal(t, 'const schema = a.schema({ Note: };\n'), /^resource\.ts:1:33: error: Unexpected "}"/);
  const stderr = refusal(t, "import { gone } from './gone';\nimport { far } from 'far-away';\nconsole.log(gone, far);\n");
  assert.match(stderr, /resource\.ts:1:22: error: Could not resolve "\.\/gone"/);
  assert.match(stderr, /resource\.ts:2:21: error: Could not resolve "far-away"[^]*hint: Install the package in your project/);
});

test('what the DSL says of the schema is passed on', (t) => {
  const stderr = refusal(t, `import { a, defineData } from '@aws-amplify/backend';
    export const data = defineData({ schema: a.schema({ Note: a.model({ text: a.string() }) }) });`);
  assert.match(stderr, /resource\.ts: error: Model `Note` is missing authorization rules/);
});

test('a file that defines nothing says so', (t) => {
  assert.match(refusal(t, 'export const nothing = 1;\n'), /defines no data[^]*hint: .*defineData\(\{ schema \}\)/);
});

test('a file that does not end is given up, and leaves nothing behind', (t) => {
  const temporary = scratchFolder(t);
  const stderr = refusal(t, "console.log('going round');\nfor (;;);\n", {HOLDFAST_NODE_SECONDS: '2', TMPDIR: temporary});
  assert.match(stderr, /going round/, 'what the file prints is shown');
  assert.match(stderr, /no answer within 2 seconds; set HOLDFAST_NODE_SECONDS/);
  assert.deepEqual(fs.readdirSync(temporary), []);
});

test('a file that ends the process is told of', (t) => {
  assert.match(refusal(t, 'process.exit(3);\n'), /ended with code 3/);
});

test('a missing resource.ts says so', () => {
  const {status, stderr} = holdfast(['check', '--schema', 'nowhere/resource.ts']);
  assert.equal(status, 1);
  assert.match(stderr, /cannot read the schema nowhere\/resource\.ts: No such file/);
});
