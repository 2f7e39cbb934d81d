// The published AppSync simulator, with the resolver templates of a model without versions, before dynalite, which keeps
// its tables in memory.
'use strict';

const {AmplifyAppSyncSimulator} = require('@aws-amplify/amplify-appsync-simulator');
const {CreateTableCommand, DynamoDBClient} = require('@aws-sdk/client-dynamodb');
const dynalite = require('dynalite');
const {createServer} = require('node:net');

const {schema} = require('../api.js');

const TABLE = 'Post';
const ANSWER = '$util.toJson($ctx.result)';
const KEY = '{"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}';
const INPUT_KEY = '{"id": $util.dynamodb.toDynamoDBJson($ctx.args.input.id)}';

const TEMPLATES = {
  'Query.getPost': `{"version": "2018-05-29", "operation": "GetItem", "key": ${KEY}}`,
  'Query.listPosts': '{"version": "2018-05-29", "operation": "Scan", "limit": $util.defaultIfNull($ctx.args.limit, 100)}',
  'Mutation.createPost': `
    $util.qr($ctx.args.input.put("createdAt", $util.time.nowISO8601()))
    $util.qr($ctx.args.input.put("updatedAt", $util.time.nowISO8601()))
    {"version": "2018-05-29", "operation": "PutItem", "key": ${INPUT_KEY},
     "attributeValues": $util.dynamodb.toMapValuesJson($ctx.args.input)}`,
  'Mutation.updatePost': `
    {"version": "2018-05-29", "operation": "UpdateItem", "key": ${INPUT_KEY},
     "update": {"expression": "SET rating = :rating, updatedAt = :at",
                "expressionValues": {":rating": $util.dynamodb.toDynamoDBJson($ctx.args.input.rating),
                                     ":at": $util.dynamodb.toDynamoDBJson($util.time.nowISO8601())}}}`,
};

const listening = (server, port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

async function tables() {
  const server = dynalite({createTableMs: 0});
  await listening(server, 0);
  const config = {endpoint: `http://127.0.0.1:${server.address().port}`, region: 'us-east-1',
                  credentials: {accessKeyId: 'bench', secretAccessKey: 'bench'}};
  await new DynamoDBClient(config).send(new CreateTableCommand({
    TableName: TABLE, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{AttributeName: 'id', KeyType: 'HASH'}],
    AttributeDefinitions: [{AttributeName: 'id', AttributeType: 'S'}]}));
  return config;
}

/** The simulator takes a free port only of a range of its own. */
async function freePort() {
  const probe = createServer();
  await listening(probe, 0);
  const {port} = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function main() {
  const config = await tables();
  const port = await freePort();
  const simulator = new AmplifyAppSyncSimulator({port, wsPort: 0});
  const resolvers = Object.entries(TEMPLATES).map(([name, requestMappingTemplate]) => {
    const [typeName, fieldName] = name.split('.');
    return {kind: 'UNIT', typeName, fieldName, dataSourceName: TABLE, requestMappingTemplate, responseMappingTemplate: ANSWER};
  });
  simulator.init({
    schema: {content: schema},
    resolvers,
    dataSources: [{type: 'AMAZON_DYNAMODB', name: TABLE, config: {...config, tableName: TABLE}}],
    appSync: {name: 'bench', apiKey: 'da2-bench', additionalAuthenticationProviders: [],
              defaultAuthenticationType: {authenticationType: 'API_KEY'}},
  });
  await simulator.start();
  console.log(`ready ${port}`);
}

main();
