// The published generator, as the Amplify CLI calls it for DataStore: what our own generators are compared with.
'use strict';

const {createRequire} = require('node:module');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const tools = createRequire(path.join(root, 'tools', 'node', 'package.json'));
const {generateModels} = tools('@aws-amplify/graphql-generator');

// The settings that the CLI has for schemas of the older transformer.
const v1 = {
  transformerVersion: 1,
  useExperimentalPipelinedTransformer: false,
  respectPrimaryKeyAttributesOnConnectionField: false,
};

/** The object that the text of a schema.js exports, as plain JSON. */
function schemaObject(text) {
  const written = text.replace(/^export const schema = /, '').replace(/;\s*$/, '');
  return JSON.parse(written);
}

async function files(schema, dialect, target) {
  try {
    return {files: await generateModels({schema, target, ...(dialect === 'v1' ? v1 : {})})};
  } catch (error) {
    return {refusal: error.message};
  }
}

/**
 * What it makes of a schema: `schema`, the object in schema.js, `introspection`, and the texts of the other files.
 * Where it refuses, schema or introspection is the text of its error. The older dialect has no introspection.
 */
async function publishedModels(schema, dialect) {
  const javascript = await files(schema, dialect, 'javascript');
  const made = {dialect, schema: javascript.refusal};
  if (javascript.files) {
    made.schema = schemaObject(javascript.files['schema.js']);
    made.typings = javascript.files['index.d.ts'];
    made.index = javascript.files['index.js'];
    made.schemaTypings = javascript.files['schema.d.ts'];
  }
  if (dialect === 'v1') return made;
  const introspection = await files(schema, dialect, 'introspection');
  made.introspection = introspection.refusal ?? JSON.parse(introspection.files['model-introspection.json']);
  return made;
}

module.exports = {publishedModels, schemaObject, root, tools};
