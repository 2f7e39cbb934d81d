// models/schema.js of tests/interop/schema.graphql, as the published generator writes it.
'use strict';

const scalar = (name, type, isRequired) => ({name, isArray: false, type, isRequired, attributes: []});
const timestamp = (name) => ({...scalar(name, 'AWSDateTime', false), isReadOnly: true});
const open = {type: 'auth', properties: {rules: [{allow: 'public', operations: ['create', 'update', 'delete', 'read']}]}};

module.exports.schema = {
  models: {
    Post: {
      name: 'Post',
      fields: {
        id: scalar('id', 'ID', true),
        title: scalar('title', 'String', true),
        rating: scalar('rating', 'Int', true),
        status: scalar('status', {enum: 'PostStatus'}, true),
        createdAt: timestamp('createdAt'),
        updatedAt: timestamp('updatedAt'),
      },
      syncable: true,
      pluralName: 'Posts',
      attributes: [{type: 'model', properties: {}}, open],
    },
  },
  enums: {PostStatus: {name: 'PostStatus', values: ['ACTIVE', 'INACTIVE']}},
  nonModels: {},
  codegenVersion: '3.4.4',
  version: 'holdfast-interop-1',
};
