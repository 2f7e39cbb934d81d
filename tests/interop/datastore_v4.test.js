// DataStore 3, of aws-amplify 4, against `holdfast serve`: HOLDFAST_BIN=build/quick/bin node --test tests/interop/datastore_v4.test.js
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest']) require(`./stories/${stories}.js`)('v4');
