// The Gen 2 data client of aws-amplify 6, configured by amplify_outputs.json as an app does.
'use strict';

require('../page.js').openPage(require);
const {Amplify} = require('aws-amplify');
const {generateClient} = require('aws-amplify/data');
const {Hub} = require('aws-amplify/utils');

/** `outputs`: what an app imports from amplify_outputs.json. */
function dataClient(outputs) {
  Amplify.configure(outputs);
  return generateClient();
}

module.exports = {dataClient, Hub};
