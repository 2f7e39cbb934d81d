// Writes sigv4.json: what the published signers make of fixed requests, keys and times. `npm ci` in tests/interop/v6 first.
//   node src/protocol/testdata/sigv4.mjs
// HTTP: @smithy/signature-v4. Realtime: the signer of @aws-amplify/core, called as AWSAppSyncRealTimeProvider calls it.
import {createHash, createHmac} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(new URL('../../../tests/interop/v6/package.json', import.meta.url));
const {SignatureV4} = require('@smithy/signature-v4');
const {signRequest} = require('@aws-amplify/core/internals/aws-client-utils');

class Sha256 {
  constructor(key) { this.digester = key === undefined ? createHash('sha256') : createHmac('sha256', key); }
  update(bytes) { this.digester.update(bytes); }
  digest() { return Promise.resolve(new Uint8Array(this.digester.digest())); }
}

const lasting = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'};
const temporary = {...lasting, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ='};
const data = JSON.stringify({query: 'subscription operation {\n  onCreatePost {\n    id\n  }\n}\n', variables: {}});
const requests = [
  {name: 'http_with_lasting_keys', kind: 'http', endpoint: 'https://abc.appsync-api.eu-central-1.amazonaws.com/graphql',
    region: 'eu-central-1', credentials: lasting, at: '2026-11-21T01:59:01.000Z', body: data,
    headers: {'content-type': 'application/json; charset=UTF-8', 'x-amz-user-agent': 'holdfast/1 datastore/2'}},
  {name: 'http_with_a_session_token', kind: 'http', endpoint: 'http://127.0.0.1:4000/graphql', region: 'us-east-1',
    credentials: temporary, at: '2030-01-02T03:04:05.678Z', body: '{"query":"ä€😀","variables":{}}',
    headers: {'content-type': 'application/json; charset=UTF-8', 'x-holdfast-mutation': '  several   spaces '}},
  {name: 'http_with_an_escaped_path', kind: 'http', endpoint: 'https://example.com/a%20b/graphql', region: 'us-east-1',
    credentials: lasting, at: '2026-02-28T23:59:59.000Z', body: '{}', headers: {}},
  {name: 'connect', kind: 'connect', endpoint: 'https://abc.appsync-api.eu-central-1.amazonaws.com/graphql',
    region: 'eu-central-1', credentials: temporary, at: '2026-11-21T01:59:01.000Z', body: '{}'},
  {name: 'connect_to_a_port', kind: 'connect', endpoint: 'http://localhost:4000/graphql', region: 'local',
    credentials: lasting, at: '2026-11-21T01:59:01.000Z', body: '{}'},
  {name: 'start', kind: 'start', endpoint: 'https://abc.appsync-api.eu-central-1.amazonaws.com/graphql',
    region: 'eu-central-1', credentials: temporary, at: '2026-11-21T01:59:01.000Z', body: data},
];

async function signedHttp(request) {
  const url = new URL(request.endpoint);
  const signer = new SignatureV4({service: 'appsync', region: request.region, credentials: request.credentials, sha256: Sha256,
    applyChecksum: false});
  const signed = await signer.sign({method: 'POST', protocol: url.protocol, hostname: url.hostname, path: url.pathname, query: {},
    headers: {...request.headers, host: url.host}, body: request.body}, {signingDate: new Date(request.at)});
  const {host, ...headers} = signed.headers;
  return headers;
}

function signedRealtime(request) {
  const path = request.kind === 'connect' ? '/connect' : '';
  const headers = {accept: 'application/json, text/javascript', 'content-encoding': 'amz-1.0',
    'content-type': 'application/json; charset=UTF-8'};
  return signRequest({headers, method: 'POST', url: new URL(request.endpoint + path), body: request.body},
    {credentials: request.credentials, signingRegion: request.region, signingService: 'appsync',
      signingDate: new Date(request.at)}).headers;
}

for (const request of requests) {
  request.expected = request.kind === 'http' ? await signedHttp(request) : signedRealtime(request);
  request.at = Date.parse(request.at);
}
writeFileSync(new URL('sigv4.json', import.meta.url), JSON.stringify(requests, null, 1) + '\n');
