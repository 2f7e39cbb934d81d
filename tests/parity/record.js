// Records anew what the published generator makes of the schemas in src/codegen/testdata/published, for the C++ test
// that needs no Node. To add a case, make its folder with a schema.graphql and run this: node tests/parity/record.js
'use strict';

const fs = require('node:fs');

const {recordedCases} = require('./cases.js');
const {publishedModels} = require('./published.js');

async function main() {
  for (const one of recordedCases()) {
    const {dialect, schema, introspection, typings} = await publishedModels(one.schema, one.dialect);
    fs.writeFileSync(one.expected, JSON.stringify({dialect, schema, introspection, typings}, null, 1) + '\n');
  }
}

main();
