// Records what the published tools write; run in a folder with the unpacked packages cc and fe.
import fs from 'node:fs';
import vm from 'node:vm';
import {ClientConfigFormatterDefault} from './cc/lib/client-config-writer/client_config_formatter_default.js';
import {ClientConfigFormatterLegacy} from './cc/lib/client-config-writer/client_config_formatter_legacy.js';
import {ClientConfigMobileConverter} from './cc/lib/client-config-writer/client_config_to_mobile_legacy_converter.js';
import {DataClientConfigContributor, VersionContributorV1_5} from './cc/lib/client-config-contributor/client_config_contributor_v1.js';
const out = process.argv[2];
const [url, key, region] = ['HTTP://127.0.0.1:20002/graphql', 'da2-recorded', 'eu-central-1'];
const introspection = {version: 1, models: {}, enums: {}, nonModels: {}};
const adapter = {getModelIntrospectionSchemaFromS3Uri: async () => introspection};
const payload = {awsAppsyncApiEndpoint: url, awsAppsyncRegion: region, awsAppsyncApiKey: key, awsAppsyncAuthenticationType: 'API_KEY'};
const config = {...await new DataClientConfigContributor(adapter).contribute({'AWS::Amplify::GraphQL': {payload}}), ...new VersionContributorV1_5().contribute()};
fs.writeFileSync(out + '/amplify_outputs.json', new ClientConfigFormatterDefault().format(config, 'json'));
const legacy = new ClientConfigFormatterLegacy(new ClientConfigMobileConverter('@aws-amplify/backend-cli', '1.8.0'));
fs.writeFileSync(out + '/amplifyconfiguration.json', legacy.format(config, 'json'));
fs.writeFileSync(out + '/amplifyconfiguration.mobile.json', legacy.format(config, 'json-mobile'));
const source = fs.readFileSync('fe/lib/frontend-config-creator.js', 'utf8') + '\nmodule.exports.getAWSExportsObject = getAWSExportsObject;';
const module = {exports: {}};
vm.runInThisContext(`(function (require, module, exports, __dirname) {${source}\n})`)(() => ({}), module, module.exports, '');
const exported = module.exports.getAWSExportsObject({metadata: {Region: region}, serviceResourceMapping: {AppSync: [{output: {
  GraphQLAPIEndpointOutput: url, GraphQLAPIKeyOutput: key, authConfig: {defaultAuthentication: {authenticationType: 'API_KEY'}}}}]}});
const template = fs.readFileSync('fe/lib/aws_exports.js.ejs', 'utf8');
fs.writeFileSync(out + '/aws-exports.js', template.replace('<%- JSON.stringify(props.configOutput, null, 4) %>', JSON.stringify(exported, null, 4)));
