// Models for Swift, Java and Dart, as Amplify's command line makes them for DataStore in a new project.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { generateModels } = require('@aws-amplify/graphql-generator');
const { AppSyncDirectives, DefaultDirectives, V1Directives } = require('@aws-amplify/graphql-directives');

// Understood by the transformer, of no effect on models, and unknown to the generator.
const FURTHER_DIRECTIVES = [
  'directive @validate(type: String!, value: String!, errorMessage: String) repeatable on FIELD_DEFINITION',
  'directive @conversation(aiModel: String, functionName: String, auth: String, inferenceConfiguration: String, ' +
    'systemPrompt: String, tools: [String]) on FIELD_DEFINITION',
];

function settings(dialect) {
  const isFirst = dialect === 'v1';
  const directives = isFirst ? [...AppSyncDirectives, ...V1Directives] : DefaultDirectives;
  return {
    directives: [...directives.map((each) => each.definition), ...FURTHER_DIRECTIVES].join('\n'),
    isDataStoreEnabled: true,
    generateIndexRules: true,
    emitAuthProvider: true,
    useExperimentalPipelinedTransformer: !isFirst,
    transformerVersion: isFirst ? 1 : 2,
    respectPrimaryKeyAttributesOnConnectionField: !isFirst,
    improvePluralization: !isFirst,
    generateModelsForLazyLoadAndCustomSelectionSet: true,
    addTimestampFields: true,
    handleListNullabilityTransparently: true,
  };
}

/// {schema, target: 'swift' | 'java' | 'dart', dialect: 'v1' | 'v2'} → {files: [{name, text}]}
export default async function models({ schema, target, dialect }) {
  const files = await generateModels({ schema, target, ...settings(dialect) });
  return { files: Object.entries(files).map(([name, text]) => ({ name, text })) };
}
