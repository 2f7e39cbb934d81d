// The function behind the custom operations of todos.graphql, as a Lambda would answer them.
'use strict';

const {fieldName, arguments: given} = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const echoed = (text) => ({text, length: text.length});
const fields = {
  echo: () => echoed(given.text),
  shout: () => given.text.toUpperCase(),
  announce: () => given.texts.map(echoed),
};
process.stdout.write(JSON.stringify(fields[fieldName]()));
