// aws-amplify 4 with DataStore 3, against `holdfast serve` (docs/interop.md).
'use strict';

for (const stories of ['everyday', 'conflicts', 'unrest', 'statements', 'supervised', 'secure']) require(`./stories/${stories}.js`)('v4');
