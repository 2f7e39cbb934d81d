// The packages of aws-amplify 4 with DataStore 3, as an app loads them: `aws-amplify` only exports these again.
'use strict';

const {openPage, loadAsPage} = require('../page.js');
const {setOnline} = openPage(require);
const {Amplify, Hub} = loadAsPage(() => require('@aws-amplify/core'));
const {API} = loadAsPage(() => require('@aws-amplify/api'));
const store = loadAsPage(() => require('@aws-amplify/datastore'));

/** Points the client at a plain-HTTP backend: the client has a switch for that. */
function configure(endpoint, apiKey) {
  Amplify.configure({
    aws_project_region: 'us-east-1',
    aws_appsync_graphqlEndpoint: endpoint,
    aws_appsync_region: 'us-east-1',
    aws_appsync_authenticationType: 'API_KEY',
    aws_appsync_apiKey: apiKey,
    aws_appsync_dangerously_connect_to_http_endpoint_for_testing: true,
  });
}

/** `[field, operator, value]` in this generation's words. */
const where = ([field, operator, value]) => (model) => model[field](operator, value);

/** What a conflict handler may return: this generation resends every field, and the API takes no timestamps. */
const resent = (record) => ({...record, createdAt: undefined, updatedAt: undefined});

/** A statement with its variables; a subscription gives an observable. */
const graphql = (statement) => API.graphql(statement);

module.exports = {...store, Amplify, Hub, setOnline, configure, where, resent, graphql};
