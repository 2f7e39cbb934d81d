// aws-amplify 6 with DataStore 5, as an app loads it.
// With require throughout: the packages hold one Amplify singleton only so (spec/protocol.md section 8).
'use strict';

const {setOnline} = require('../page.js').openPage(require);
const {Amplify} = require('aws-amplify');
const {Hub} = require('aws-amplify/utils');
const {generateClient} = require('aws-amplify/api');
const store = require('@aws-amplify/datastore');

/** Points the client at a plain-HTTP backend: the capital scheme keeps realtime on ws:// (protocol.md section 2.1). */
function configure(endpoint, apiKey) {
  Amplify.configure({
    aws_project_region: 'us-east-1',
    aws_appsync_graphqlEndpoint: endpoint.replace(/^http:/, 'HTTP:'),
    aws_appsync_region: 'us-east-1',
    aws_appsync_authenticationType: 'API_KEY',
    aws_appsync_apiKey: apiKey,
  });
}

/** `[field, operator, value]` in this generation's words. */
const where = ([field, operator, value]) => (model) => model[field][operator](value);

/** What a conflict handler may return. */
const resent = (record) => record;

/** A statement with its variables; a subscription gives an observable. */
const graphql = (statement) => generateClient().graphql(statement);

module.exports = {...store, Amplify, Hub, setOnline, configure, where, resent, graphql};
