// Generations 4 and 5 of the published clients are loaded and configured alike: what their folders have in common.
'use strict';

const {openPage, loadAsPage} = require('./page.js');

/** Points the client at a plain-HTTP backend: these generations have a switch for that. */
const configureBy = (Amplify) => (endpoint, apiKey) => Amplify.configure({
  aws_project_region: 'us-east-1',
  aws_appsync_graphqlEndpoint: endpoint,
  aws_appsync_region: 'us-east-1',
  aws_appsync_authenticationType: 'API_KEY',
  aws_appsync_apiKey: apiKey,
  aws_appsync_dangerously_connect_to_http_endpoint_for_testing: true,
});

/** The packages that `aws-amplify` only exports again, by the `require` of the folder that has them installed. */
function loadPackages(require) {
  const {setOnline} = openPage(require);
  const {Amplify, Hub} = loadAsPage(() => require('@aws-amplify/core'));
  const {API} = loadAsPage(() => require('@aws-amplify/api'));
  const store = loadAsPage(() => require('@aws-amplify/datastore'));
  /** A statement with its variables; a subscription gives an observable. */
  const graphql = (statement) => API.graphql(statement);
  return {...store, Amplify, Hub, setOnline, configure: configureBy(Amplify), graphql};
}

module.exports = {loadPackages};
