// aws-amplify 6 with DataStore 5, as an app loads it.
// With require throughout: the packages hold one Amplify singleton only so (spec/protocol.md section 8).
'use strict';

const path = require('node:path');

const {setOnline} = require('../page.js').openPage(require);
const {Amplify} = require('aws-amplify');
const {Hub} = require('aws-amplify/utils');
const {generateClient} = require('aws-amplify/api');
const store = require('@aws-amplify/datastore');

/** As an app does, with the file that `holdfast pull` has put into a folder. */
const configure = (pulled) => Amplify.configure(require(path.join(pulled, 'amplifyconfiguration.json')));

/** `[field, operator, value]` in this generation's words. */
const where = ([field, operator, value]) => (model) => model[field][operator](value);

/** What a conflict handler may return. */
const resent = (record) => record;

/** A statement with its variables; a subscription gives an observable. */
const graphql = (statement) => generateClient().graphql(statement);

module.exports = {...store, Amplify, Hub, setOnline, configure, where, resent, graphql};
