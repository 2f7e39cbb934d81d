// The operations that both peers serve: posts by id, in pages, created and updated.
'use strict';

exports.schema = `
  type Post { id: ID! title: String! rating: Int status: String createdAt: String updatedAt: String }
  type PostPage { items: [Post] nextToken: String }
  input CreatePostInput { id: ID! title: String! rating: Int status: String }
  input UpdatePostInput { id: ID! title: String rating: Int status: String }
  type Query { getPost(id: ID!): Post listPosts(limit: Int, nextToken: String): PostPage }
  type Mutation { createPost(input: CreatePostInput!): Post updatePost(input: UpdatePostInput!): Post }
`;
