// What a Gen 2 resource defines: its schema as annotated GraphQL, the API's authorization modes, and what of it
// only the service in the cloud runs.

const MODES = {
  apiKey: 'apiKey', userPool: 'userPools', iam: 'iam', identityPool: 'iam', oidc: 'oidc', lambda: 'lambda',
};
const CONFIGURED = { apiKeyAuthorizationMode: 'apiKey', oidcAuthorizationMode: 'oidc', lambdaAuthorizationMode: 'lambda' };
const ALWAYS_THERE = ['iam', 'userPools']; // Amplify gives every API these two.

const isSchema = (value) => typeof value?.transform === 'function' || Array.isArray(value?.schemas);

/// The default mode first. Empty when nothing is said of authorization.
function modesOf(given) {
  if (!given) return [];
  const first = MODES[given.defaultAuthorizationMode];
  const configured = Object.keys(CONFIGURED).filter((name) => given[name]).map((name) => CONFIGURED[name]);
  return [...new Set([...(first ? [first] : configured.slice(0, 1)), ...configured, ...ALWAYS_THERE])];
}

/// Functions of AWS Lambda and SQL stand in the GraphQL as directives; of these two nothing does.
function noticesOf({ jsFunctions = [] }, { data }) {
  const engine = data?.configuration?.database?.engine ?? 'dynamodb';
  const handled = jsFunctions.map(({ typeName, fieldName }) => `${typeName}.${fieldName}`).join(', ');
  return [
    ...(handled ? [{ message: `JavaScript of AppSync, which is not run, handles ${handled}`, remedy: '' }] : []),
    ...(engine === 'dynamodb' ? [] : [{
      message: `The models are kept in ${engine} by Amplify; holdfast keeps them in a store of its own`,
      remedy: 'What is in that database is not served',
    }]),
  ];
}

function parts(schema) {
  if (typeof schema === 'string') return [{ sdl: schema, notices: [] }];
  return (Array.isArray(schema.schemas) ? schema.schemas : [schema]).map((each) => {
    const made = each.transform();
    return { sdl: made.schema, notices: noticesOf(made, each) };
  });
}

/// Each part may have operations; a root type is defined once and extended after that.
function joined(texts) {
  const roots = new Set();
  const once = (line, name) => (roots.has(name) ? `extend ${line}` : roots.add(name) && line);
  return texts.map((text) => text.replace(/^type (Query|Mutation|Subscription)\b/gm, once)).join('\n\n') + '\n';
}

/// What defineData was given; a file that does not call it may export a schema.
function definitionOf(exported, defined) {
  if (defined.length > 0) return defined.length === 1 ? defined[0] : exported.data?.properties;
  const schemas = [...new Set(Object.values(exported).filter(isSchema))];
  return schemas.length === 1 ? { schema: schemas[0] } : undefined;
}

export function reading(exported, defined, path) {
  const definition = definitionOf(exported, defined);
  if (!definition || !(isSchema(definition.schema) || typeof definition.schema === 'string')) {
    return {
      problems: [{
        file: path,
        message: 'The file defines no data: it neither calls defineData({ schema }) nor exports one a.schema({...})',
        remedy: 'End it with: export const data = defineData({ schema })',
      }],
    };
  }
  const made = parts(definition.schema);
  return {
    sdl: joined(made.map(({ sdl }) => sdl)),
    modes: modesOf(definition.authorizationModes),
    notices: made.flatMap(({ notices }) => notices),
  };
}
