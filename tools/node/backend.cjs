// Stands in for `@aws-amplify/backend`, and for the packages around it, while a resource.ts is read: `a` is the
// published one, `defineData` notes what it is given, and of everything else only the names are needed.
'use strict';
const { a } = require('@aws-amplify/data-schema');

const defined = (globalThis[Symbol.for('holdfast.data')] = []);

/// Answers every call, member and `new` with itself.
const anything = new Proxy(function anything() {}, {
  get(_, name) {
    if (name === 'then') return undefined; // No promise: `await` must not wait for it.
    if (name === Symbol.iterator) return function* () {};
    if (name === Symbol.toPrimitive) return () => '';
    return anything;
  },
  apply: () => anything,
  construct: () => anything,
});

function defineData(properties) {
  defined.push(properties);
  return { properties, getInstance: () => anything };
}

/// A function's name is all that a schema says of it.
function defineFunction(properties = {}) {
  return { ...properties, getInstance: () => anything };
}

const named = { a, defineData, defineFunction };
const others = new Proxy({}, { get: (_, name) => (name === '__esModule' ? undefined : anything) });
module.exports = Object.assign(Object.create(others), named);
