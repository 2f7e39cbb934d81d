// The packages of aws-amplify 5 with DataStore 4, as an app loads them.
'use strict';

const packages = require('../before_v6.js').loadPackages(require);

/** `[field, operator, value]` in this generation's words. */
const where = ([field, operator, value]) => (model) => model[field][operator](value);

/** What a conflict handler may return. */
const resent = (record) => record;

module.exports = {...packages, where, resent};
