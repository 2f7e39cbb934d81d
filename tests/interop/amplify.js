// The published Amplify DataStore in plain Node: what a browser would give it, and nothing else changed.
// Loaded with require throughout: the packages hold one Amplify singleton only so (spec/protocol.md section 8).
'use strict';

require('fake-indexeddb/auto');
const WebSocket = require('ws');

const listeners = new EventTarget();
globalThis.WebSocket = WebSocket;
globalThis.window = {
  indexedDB: globalThis.indexedDB,
  addEventListener: listeners.addEventListener.bind(listeners),
  removeEventListener: listeners.removeEventListener.bind(listeners),
  navigator: {get onLine() { return isOnline; }},
};
let isOnline = true;


const {Amplify} = require('aws-amplify');
const {Hub} = require('aws-amplify/utils');
const {DataStore, initSchema} = require('@aws-amplify/datastore');

/** What a browser tells its page when the network goes or comes. */
function setOnline(value) {
  isOnline = value;
  listeners.dispatchEvent(new Event(value ? 'online' : 'offline'));
}

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

module.exports = {DataStore, Hub, initSchema, setOnline, configure};
