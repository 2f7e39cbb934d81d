// Generations 4 and 5 of the published clients are loaded and configured alike: what their folders have in common.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const {openPage, loadAsPage} = require('./page.js');

/** What `import awsExports from './aws-exports'` gives an app. */
function awsExports(pulled) {
  const text = fs.readFileSync(path.join(pulled, 'aws-exports.js'), 'utf8');
  return JSON.parse(text.match(/^const awsmobile = (\{.*?^\});$/ms)[1]);
}

/** The packages that `aws-amplify` only exports again, by the `require` of the folder that has them installed. */
function loadPackages(require) {
  const {setOnline} = openPage(require);
  const {Amplify, Hub} = loadAsPage(() => require('@aws-amplify/core'));
  const {API} = loadAsPage(() => require('@aws-amplify/api'));
  const store = loadAsPage(() => require('@aws-amplify/datastore'));
  /** A statement with its variables; a subscription gives an observable. */
  const graphql = (statement) => API.graphql(statement);
  /** As an app does, with the file that `holdfast pull` has put into a folder. */
  const configure = (pulled) => Amplify.configure(awsExports(pulled));
  return {...store, Amplify, Hub, setOnline, configure, graphql};
}

module.exports = {loadPackages};
