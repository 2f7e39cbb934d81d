// The packages of aws-amplify 4 with DataStore 3, as an app loads them.
'use strict';

const packages = require('../before_v6.js').loadPackages(require);

/** `[field, operator, value]` in this generation's words. */
const where = ([field, operator, value]) => (model) => model[field](operator, value);

/** What a conflict handler may return: this generation resends every field, and the API takes no timestamps. */
const resent = (record) => ({...record, createdAt: undefined, updatedAt: undefined});

module.exports = {...packages, where, resent};
