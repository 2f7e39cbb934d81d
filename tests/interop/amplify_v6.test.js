// aws-amplify 6 with DataStore 5, against `holdfast serve` (docs/interop.md).
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest', 'keys', 'statements', 'supervised', 'secure']) require(`./stories/${stories}.js`)('v6');
