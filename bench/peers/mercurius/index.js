// A GraphQL server of npm `mercurius` with its just-in-time compiler, whose records are in memory: nothing is durable.
'use strict';

const fastify = require('fastify');
const mercurius = require('mercurius');

const {schema} = require('../api.js');

const posts = new Map();
const now = () => new Date().toISOString();

const resolvers = {
  Query: {
    getPost: (_, {id}) => posts.get(id) ?? null,
    listPosts: (_, {limit = 100}) => {
      const items = [];
      for (const post of posts.values()) {
        if (items.length === limit) break;
        items.push(post);
      }
      return {items, nextToken: null};
    },
  },
  Mutation: {
    createPost: (_, {input}) => {
      const post = {...input, createdAt: now(), updatedAt: now()};
      posts.set(post.id, post);
      return post;
    },
    updatePost: (_, {input}) => {
      const post = {...posts.get(input.id), ...input, updatedAt: now()};
      posts.set(post.id, post);
      return post;
    },
  },
};

async function main() {
  const app = fastify();
  app.register(mercurius, {schema, resolvers, jit: 1});
  await app.listen({host: '127.0.0.1', port: 0});
  console.log(`ready ${app.server.address().port}`);
}

main();
