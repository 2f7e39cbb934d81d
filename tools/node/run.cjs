// The door between holdfast and the published packages: `node run.cjs SCRIPT`, the request as JSON on standard input,
// the reply as JSON on descriptor 3. It is written for any version of Node.js, so that an old one is told in words.
'use strict';
var fs = require('fs');
var path = require('path');

var OLDEST_NODE = 18;
var ANSWER = 3;

function reply(value) {
  var bytes = Buffer.from(JSON.stringify(value));
  for (var at = 0; at < bytes.length; ) at += fs.writeSync(ANSWER, bytes, at);
  process.exit(0);
}

function problem(message, remedy) {
  return { problems: [{ message: message, remedy: remedy }] };
}

function isMissing(name) {
  return !fs.existsSync(path.join(__dirname, 'node_modules', name));
}

if (parseInt(process.versions.node, 10) < OLDEST_NODE) {
  reply(problem('Node.js ' + process.versions.node + ' is too old for the published generators',
                'Install Node.js ' + OLDEST_NODE + ' or newer: https://nodejs.org'));
}
if (Object.keys(require('./package.json').dependencies).some(isMissing)) {
  reply(problem('The published generators are not installed', 'Run: npm ci --prefix ' + __dirname));
}

var request = JSON.parse(fs.readFileSync(0, 'utf8'));
var explain = function (error) { return problem(error && error.message ? error.message : String(error), ''); };

process.on('uncaughtException', function (error) { reply(explain(error)); });
import('./' + process.argv[2] + '.mjs').then(function (script) {
  if (script.explained) explain = function (error) { return script.explained(error, request); };
  return script.default(request);
}).then(reply, function (error) { reply(explain(error)); });
