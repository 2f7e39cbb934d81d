// DataStore 4, of aws-amplify 5, against `holdfast serve`: HOLDFAST_BIN=build/quick/bin node --test tests/interop/datastore_v5.test.js
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest', 'keys']) require(`./stories/${stories}.js`)('v5');
