// The schemas on which the generators are compared live: those of our own tests and demos, and the recorded ones.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const {root} = require('./published.js');

const recorded = path.join(root, 'src', 'codegen', 'testdata', 'published');

const ours = [
  'examples/blog/schema.graphql',
  'tests/interop/schema.graphql',
  'tests/program/schemas/post.graphql',
  'tests/program/schemas/comments_v1.graphql',
  'tests/program/schemas/comments_v2.graphql',
  'tests/program/schemas/editors_v1.graphql',
  'tests/program/schemas/editors_v2.graphql',
  'src/codegen/testdata/post_with_enum/schema.graphql',
  'src/codegen/testdata/connection_by_name/schema.graphql',
  'src/codegen/testdata/connection_by_fields/schema.graphql',
  'src/codegen/testdata/current_dialect/schema.graphql',
  'src/codegen/testdata/everything/schema.graphql',
  'src/codegen/testdata/recursive/schema.graphql',
];

function schemaCase(file) {
  const schema = fs.readFileSync(path.join(root, file), 'utf8');
  return {file, schema, dialect: /@(connection|key)\b/.test(schema) ? 'v1' : 'v2'};
}

function recordedCases() {
  return fs.readdirSync(recorded).sort().map((name) => ({
    ...schemaCase(path.join('src', 'codegen', 'testdata', 'published', name, 'schema.graphql')),
    expected: path.join(recorded, name, 'expected.json'),
  }));
}

module.exports = {cases: () => [...ours.map(schemaCase), ...recordedCases()], recordedCases};
