import { defineFunction, secret } from '@aws-amplify/backend';

export const greet = defineFunction({ name: 'greet', entry: './handler.ts', environment: { KEY: secret('KEY') } });
