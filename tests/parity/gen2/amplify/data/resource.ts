// Everything that the DSL can say of data, in one schema.
import { type ClientSchema, a, defineData, defineFunction } from '@aws-amplify/backend';
import { greet } from '../functions/greet/resource';
import { tags } from './tags';

const echo = defineFunction({ entry: './echo/handler.ts' });

const schema = a
  .schema({
    ...tags,
    Kind: a.enum(['ONE', 'TWO']),
    Place: a.customType({
      lat: a.float().required(),
      long: a.float().required(),
      names: a.string().array(),
      area: a.customType({ radius: a.integer(), shape: a.enum(['ROUND', 'SQUARE']) }),
      kinds: a.ref('Kind').array(),
    }),

    Sample: a
      .model({
        id: a.id().required(),
        text: a.string().required().default('x'),
        count: a.integer().default(4),
        share: a.float().default(1.5),
        isDone: a.boolean().default(true),
        day: a.date(),
        hour: a.time(),
        at: a.datetime(),
        stamp: a.timestamp(),
        mail: a.email(),
        json: a.json(),
        phone: a.phone(),
        url: a.url(),
        address: a.ipAddress(),
        words: a.string().array(),
        sureWords: a.string().required().array().required(),
        mood: a.enum(['good', 'bad']),
        kind: a.ref('Kind'),
        kinds: a.ref('Kind').required().array(),
        place: a.ref('Place'),
        places: a.ref('Place').array(),
        inline: a.customType({ text: a.string(), colour: a.enum(['red']) }),
        short: a.string().validate((v) => v.minLength(2, 'too short').maxLength(10).matches('^[a-z]+$')),
        small: a.integer().validate((v) => v.gt(1).lt(10).gte(2, 'say "two"').lte(9)),
        framed: a.string().validate((v) => v.startsWith('a').endsWith('b')),
      })
      .authorization((allow) => [
        allow.publicApiKey(),
        allow.guest().to(['read']),
        allow.authenticated(),
        allow.authenticated('identityPool').to(['list', 'get']),
        allow.authenticated('oidc'),
        allow.owner(),
        allow.owner('oidc').identityClaim('sub'),
        allow.custom(),
        allow.group('Admins'),
        allow.groups(['Editors', 'Readers']),
        allow.group('Partners').withClaimIn('partner'),
        allow.groupDefinedIn('text'),
        allow.groupsDefinedIn('words'),
      ]),

    Customer: a
      .model({
        org: a.string().required(),
        number: a.integer().required(),
        since: a.datetime().required(),
        name: a.string(),
        kind: a.ref('Kind'),
        orders: a.hasMany('Order', ['customerOrg', 'customerNumber', 'customerSince']),
      })
      .identifier(['org', 'number', 'since'])
      .secondaryIndexes((index) => [
        index('name'),
        index('name').sortKeys(['number', 'org']).name('byNameAndNumber'),
        index('kind').queryField(null),
        index('org').sortKeys(['since']).queryField('customersOf'),
      ])
      .authorization((allow) => [allow.owner().to(['create', 'read', 'update'])]),

    Order: a
      .model({
        customerOrg: a.string(),
        customerNumber: a.integer(),
        customerSince: a.datetime(),
        customer: a.belongsTo('Customer', ['customerOrg', 'customerNumber', 'customerSince']),
        bill: a.hasOne('Bill', 'orderId'),
        tags: a.hasMany('OrderTag', 'orderId'),
      })
      .disableOperations(['subscriptions', 'delete'])
      .authorization((allow) => [allow.ownerDefinedIn('author'), allow.ownersDefinedIn('editors')]),

    Bill: a
      .model({
        orderId: a.id(),
        order: a.belongsTo('Order', 'orderId'),
        secret: a.string().authorization((allow) => [allow.owner()]),
      })
      .disableOperations(['queries', 'mutations']),

    Person: a
      .model({ parentId: a.id(), parent: a.belongsTo('Person', 'parentId'), children: a.hasMany('Person', 'parentId') })
      .disableOperations(['list', 'get', 'create', 'update', 'onCreate', 'onUpdate', 'onDelete']),

    Answer: a.customType({ isGood: a.boolean(), numbers: a.integer().array() }),
    Question: a.customType({ text: a.string().required(), weight: a.customType({ value: a.float() }) }),

    ask: a
      .query()
      .arguments({ kind: a.ref('Kind'), first: a.ref('Question'), more: a.ref('Question').array(), text: a.string() })
      .returns(a.ref('Answer'))
      .handler(a.handler.function(echo))
      .authorization((allow) => [allow.publicApiKey(), allow.authenticated()]),
    chain: a
      .query()
      .arguments({ ids: a.id().array() })
      .returns(a.ref('Sample').array())
      .handler([a.handler.function('first'), a.handler.function(greet)])
      .authorization((allow) => [allow.group('Admins')]),
    later: a.query().returns(a.json()).handler(a.handler.function(greet).async()).authorization((allow) => [allow.authenticated()]),
    remote: a
      .query()
      .returns(a.customType({ text: a.string(), kind: a.enum(['NEAR', 'FAR']) }))
      .handler(a.handler.custom({ dataSource: 'Elsewhere', entry: './remote.js' }))
      .authorization((allow) => [allow.custom()]),
    announce: a
      .mutation()
      .arguments({ channel: a.string().required(), tone: a.enum(['calm', 'loud']) })
      .returns(a.ref('Answer'))
      .handler(a.handler.custom({ dataSource: a.ref('Sample'), entry: './announce.js' }))
      .authorization((allow) => [allow.authenticated()]),
    choose: a
      .mutation()
      .returns(a.enum(['LEFT', 'RIGHT']))
      .handler(a.handler.function('choose'))
      .authorization((allow) => [allow.publicApiKey()]),
    hear: a
      .subscription()
      .for(a.ref('announce'))
      .arguments({ channel: a.string() })
      .handler(a.handler.custom({ entry: './hear.js' }))
      .authorization((allow) => [allow.authenticated()]),
    sampled: a
      .subscription()
      .for(a.ref('Sample').mutations(['create', 'update']))
      .handler(a.handler.custom({ entry: './sampled.js' }))
      .authorization((allow) => [allow.publicApiKey()]),

    chat: a
      .conversation({
        aiModel: a.ai.model('Claude 3.5 Sonnet'),
        systemPrompt: 'You are brief',
        tools: [a.ai.dataTool({ name: 'samples', description: 'all samples', model: a.ref('Sample'), modelOperation: 'list' })],
      })
      .authorization((allow) => allow.owner()),
    summary: a
      .generation({
        aiModel: a.ai.model('Claude 3 Haiku'),
        systemPrompt: 'Summarise',
        inferenceConfiguration: { maxTokens: 10, temperature: 0.5, topP: 0.2 },
      })
      .arguments({ text: a.string() })
      .returns(a.customType({ text: a.string() }))
      .authorization((allow) => allow.authenticated()),
  })
  .authorization((allow) => [allow.authenticated(), allow.resource(echo).to(['query', 'listen'])]);

export type Schema = ClientSchema<typeof schema>;

export const data = defineData({
  schema,
  name: 'everything',
  authorizationModes: {
    defaultAuthorizationMode: 'userPool',
    apiKeyAuthorizationMode: { expiresInDays: 3 },
    lambdaAuthorizationMode: { function: echo },
    oidcAuthorizationMode: { oidcProviderName: 'other', oidcIssuerUrl: 'https://issuer.example' },
  },
});
