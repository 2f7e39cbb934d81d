// Draws what fields resolve to, some of it wrong, and keeps it as a tree that both engines can be asked about.
'use strict';

const {isAbstractType, isEnumType, isListType, isNonNullType, isObjectType} = require('graphql');

const others = [null, 0, 7, -1.5, 2147483648, 1e21, '', 'x', '5', 'RED', true, false, [], ['x', null], {}, {a: 1}];

class ResultDraw {
  /** With `asks`, fields may fail or tell their arguments; otherwise they are only read. */
  constructor(random, schema, asks, wrongness) {
    this.random = random;
    this.schema = schema;
    this.asks = asks;
    this.wrongness = wrongness;
    this.root = {};
  }

  /** For graphql-js: the value of a field, drawn when first asked for and kept where it stands. */
  resolver() {
    return (source, args, _context, info) => {
      if (source === null || typeof source !== 'object' || Array.isArray(source)) return undefined;
      const name = info.fieldName;
      if (!Object.hasOwn(source, name)) source[name] = this.value(info.returnType);
      const value = source[name];
      if (!this.asks || value === null || typeof value !== 'object') return value;
      if (typeof value.$error === 'string') throw new Error(value.$error);
      return value.$arguments === undefined ? value : JSON.stringify(args);
    };
  }

  value(type) {
    const {random} = this;
    if (this.asks && random.chance(this.wrongness)) return {$error: `broken ${random.below(100)}`};
    return this.inner(type);
  }
  inner(type) {
    const {random} = this;
    if (random.chance(this.wrongness)) return this.other();
    if (isNonNullType(type)) return random.chance(this.wrongness) ? null : this.present(type.ofType);
    return random.chance(0.1) ? null : this.present(type);
  }
  other() { return structuredClone(this.random.of(others)); }
  present(type) {
    const {random} = this;
    if (isListType(type)) return random.many(0, 3, () => this.inner(type.ofType));
    if (isAbstractType(type)) return {__typename: this.concrete(type)};
    if (isObjectType(type)) return {};
    if (isEnumType(type)) return random.of(type.getValues()).name;
    switch (type.name) {
      case 'Int': return random.of([0, 7, -12, 2147483647]);
      case 'Float': return random.of([0, 0.5, -1.5e3, 1e21, 123456789012]);
      case 'Boolean': return random.chance(0.5);
      case 'ID': return random.of(['1', 'x', 7]);
      case 'String': return this.asks && random.chance(0.5) ? {$arguments: true} : random.of(['', 'x', 'two words', '\u00e9']);
      default: return this.other();
    }
  }
  concrete(type) {
    const {random} = this;
    if (random.chance(this.wrongness)) return random.of(['NoSuchType', 'String', this.schema.getQueryType().name, type.name]);
    return random.of(this.schema.getPossibleTypes(type))?.name ?? 'NoSuchType';
  }
}

module.exports = {ResultDraw};
