// aws-amplify 5 with DataStore 4, against `holdfast serve` (docs/interop.md).
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest', 'keys', 'statements', 'supervised', 'secure']) require(`./stories/${stories}.js`)('v5');
