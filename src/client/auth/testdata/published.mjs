// Writes multi_auth.json and owner_arguments.json: what the published client, asked for every mix of rules, chooses. `npm ci` in
// tests/interop/v6 first.
//   node src/client/auth/testdata/published.mjs
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

const require = createRequire(new URL('../../../../tests/interop/v6/package.json', import.meta.url));
const datastore = join(dirname(require.resolve('@aws-amplify/datastore')), '..', 'cjs');
const {Amplify} = require('@aws-amplify/core');
const {multiAuthStrategy} = require(join(datastore, 'authModeStrategies/multiAuthStrategy.js'));
const {SubscriptionProcessor} = require(join(datastore, 'sync/processors/subscription.js'));

function signIn(isSignedIn) {
  const tokens = {accessToken: {payload: {}, toString: () => 'access'}, idToken: {payload: {}, toString: () => 'id'}};
  Amplify.configure({}, {Auth: {tokenProvider: {getTokens: async () => isSignedIn ? tokens : null}}});
}
const modelWith = (rules, more = {}) => ({name: 'Post', fields: {}, attributes: [
  {type: 'model', properties: more.model ?? {}}, {type: 'auth', properties: {rules}}], ...more});

// --- every mix of up to three rules ------------------------------------------------------------------------------

const all = ['public/apiKey', 'public/iam', 'private/iam', 'private/userPools', 'groups/oidc', 'groups/userPools', 'owner/oidc',
  'owner/userPools', 'custom/function'];
const mixes = [];
for (let one = 0; one < all.length; ++one) {
  mixes.push([all[one]], [all[one], all[one]]);
  for (let two = one + 1; two < all.length; ++two) {
    mixes.push([all[one], all[two]]);
    for (let three = two + 1; three < all.length; ++three) mixes.push([all[three], all[one], all[two]]);
  }
}
const chosen = [];
for (const isSignedIn of [true, false]) {
  signIn(isSignedIn);
  for (const mix of mixes) {
    const rules = mix.map(word => ({allow: word.split('/')[0], provider: word.split('/')[1],
      operations: ['create', 'update', 'delete', 'read']}));
    const schema = {namespaces: {user: {models: {Post: modelWith(rules)}}}};
    chosen.push([isSignedIn, mix, await multiAuthStrategy({})({schema, modelName: 'Post', operation: 'READ'})]);
  }
}
writeFileSync(new URL('multi_auth.json', import.meta.url),
  '[\n' + chosen.map(one => JSON.stringify(one)).join(',\n') + '\n]\n');

// --- the owner argument of subscriptions ---------------------------------------------------------------------------

const owner = {allow: 'owner', provider: 'userPools', ownerField: 'owner', identityClaim: 'cognito:username',
  operations: ['create', 'update', 'delete', 'read']};
const admins = {allow: 'groups', provider: 'userPools', groupClaim: 'cognito:groups', groups: ['Admin'],
  operations: ['create', 'update', 'delete', 'read']};
const ann = {'cognito:username': 'ann', sub: '1-2'};
const situations = [
  {name: 'owner', rules: [owner], claims: ann},
  {name: 'owner_by_another_mode', rules: [owner], claims: ann, mode: 'apiKey'},
  {name: 'owner_read_only', rules: [{...owner, operations: ['read']}], claims: ann},
  {name: 'owner_without_read', rules: [{...owner, operations: ['create', 'update', 'delete']}], claims: ann},
  {name: 'public_subscriptions', rules: [owner], claims: ann, level: 'public'},
  {name: 'custom_owner_field', rules: [{...owner, ownerField: 'author', identityClaim: 'sub'}], claims: ann},
  {name: 'claim_that_is_a_number', rules: [{...owner, identityClaim: 'number'}], claims: {number: 7}},
  {name: 'several_owners_in_a_list', rules: [{...owner, ownerField: 'editors'}], claims: ann, lists: ['editors']},
  {name: 'two_owner_rules', rules: [owner, {...owner, ownerField: 'author', identityClaim: 'sub'}], claims: ann},
  {name: 'two_owner_rules_one_of_a_list', rules: [owner, {...owner, ownerField: 'editors'}], claims: ann, lists: ['editors']},
  {name: 'claim_that_is_not_there', rules: [{...owner, identityClaim: 'email'}], claims: ann},
  {name: 'no_claims', rules: [owner], claims: null},
  {name: 'group_in_a_list', rules: [owner, admins], claims: {...ann, 'cognito:groups': ['Staff', 'Admin']}},
  {name: 'group_in_a_string', rules: [owner, admins], claims: {...ann, 'cognito:groups': 'Admin'}},
  {name: 'group_in_json', rules: [owner, admins], claims: {...ann, 'cognito:groups': '["Admin"]'}},
  {name: 'group_in_another_claim', rules: [owner, {...admins, groupClaim: 'roles'}], claims: {...ann, roles: ['Admin']}},
  {name: 'not_in_the_group', rules: [owner, admins], claims: {...ann, 'cognito:groups': ['Staff']}},
  {name: 'group_that_may_not_read', rules: [owner, {...admins, operations: ['create']}], claims: {...ann, 'cognito:groups': ['Admin']}},
  {name: 'oidc', rules: [{...owner, provider: 'oidc', identityClaim: 'sub'}], claims: ann, mode: 'oidc'},
  {name: 'private_iam', rules: [{allow: 'private', provider: 'iam', operations: ['read']}], claims: ann, mode: 'iam'},
  {name: 'public_iam', rules: [{allow: 'public', provider: 'iam', operations: ['read']}], claims: null, mode: 'iam'},
  {name: 'public_api_key', rules: [{allow: 'public', provider: 'apiKey', operations: ['read']}], claims: null, mode: 'apiKey'},
  {name: 'several_providers', rules: [owner, {allow: 'private', provider: 'iam', operations: ['read']},
    {allow: 'public', provider: 'apiKey', operations: ['read']}], claims: ann},
];
for (const one of situations) {
  const fields = Object.fromEntries((one.lists ?? []).map(name => [name, {name, isArray: true, type: 'String'}]));
  const model = modelWith(one.rules, {fields, model: one.level ? {subscriptions: {level: one.level}} : {}});
  const processor = Object.create(SubscriptionProcessor.prototype);
  one.mode ??= 'userPool';
  // 2: somebody is signed in.
  const made = processor.getAuthorizationInfo(model, 2, 'userPool', one.claims ?? undefined, one.mode);
  one.expected = made?.isOwner ? {[made.ownerField]: made.ownerValue} : null;
}
writeFileSync(new URL('owner_arguments.json', import.meta.url),
  '[\n' + situations.map(one => JSON.stringify(one)).join(',\n') + '\n]\n');
process.exit(0);
