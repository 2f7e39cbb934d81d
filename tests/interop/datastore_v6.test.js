// DataStore 5, of aws-amplify 6, against `holdfast serve`: HOLDFAST_BIN=build/quick/bin node --test tests/interop/datastore_v6.test.js
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest', 'keys']) require(`./stories/${stories}.js`)('v6');
