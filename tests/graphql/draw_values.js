// Draws values of input types: literals for documents, JSON for variables. A fault makes one of them wrong.
'use strict';

const {isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredInputField, isScalarType} = require('graphql');

const numbers = ['0', '-0', '7', '-12', '2147483647', '-2147483648', '2147483648', '-2147483649', '9007199254740993',
  '123456789012345678901234567890', '1.0', '0.5', '-1.5e3', '1e10', '2.5E-3', '1e-400'];
const strings = ['""', '"x"', '"7"', '"RED"', '"true"', '"two words"', '"\\u0041\\n"', '"""block"""', '"""\n  deep\n  er\n"""'];
const otherLiterals = [...numbers, ...strings, 'true', 'false', 'null', 'RED', 'NO_SUCH_VALUE', '[]', '[1, "x"]', '{}', '{a: 1}'];
const otherValues = [0, 7, -1, 2147483648, 9007199254740992, 0.5, 1e21, 1e300, '', 'x', '7', 'RED', true, false, null, [],
  [1, 'x'], {}, {a: 1}, [[null]], [{a: [1]}]];

/**
 * Draws for one document. `faults.happens(share)` says whether to do something wrong here; `variable(type, place)`
 * gives a variable for a place, as text.
 */
class ValueDraw {
  constructor(random, faults, variable) {
    this.random = random;
    this.faults = faults;
    this.variable = variable;
  }

  // --- literals ---
  literal(type, depth = 0, hasDefault = false) {
    const {random, faults} = this;
    if (this.variable && random.chance(0.25)) return this.variable(type, hasDefault);
    if (faults.happens(0.04)) return random.of(otherLiterals);
    if (isNonNullType(type)) return this.present(type.ofType, depth);
    return random.chance(0.06) ? 'null' : this.present(type, depth);
  }
  present(type, depth) {
    const {random} = this;
    if (isListType(type)) {
      if (random.chance(0.15)) return this.literal(type.ofType, depth);
      return `[${random.many(0, 3, () => this.literal(type.ofType, depth + 1)).join(random.of([', ', ' ']))}]`;
    }
    if (isInputObjectType(type)) return this.object(type, depth);
    if (isEnumType(type)) return random.of(type.getValues()).name;
    return this.scalar(type);
  }
  scalar(type) {
    const {random} = this;
    switch (type.name) {
      case 'Int': return random.of(['0', '7', '-12', '2147483647', '-2147483648']);
      case 'Float': return random.of(['0', '-7', '0.5', '-1.5e3', '2.5E-3', '1e10', '123456789012']);
      case 'Boolean': return random.of(['true', 'false']);
      case 'ID': return random.of([...strings, '7', '123456789012345678901234567890']);
      case 'String': return random.of(strings);
      default: return random.of(otherLiterals);
    }
  }
  object(type, depth) {
    const {random, faults} = this;
    const members = [];
    for (const field of Object.values(type.getFields())) {
      const isWanted = isRequiredInputField(field) ? !faults.happens(0.08) : depth < 3 && random.chance(0.25);
      if (isWanted) members.push(`${field.name}: ${this.literal(field.type, depth + 1, field.defaultValue !== undefined)}`);
    }
    if (faults.happens(0.05)) members.push(`noSuchField: ${random.of(otherLiterals)}`);
    if (members.length > 0 && faults.happens(0.05)) members.push(random.of(members));
    return `{${members.join(', ')}}`;
  }

  // --- JSON ---
  json(type, depth = 0) {
    const {random, faults} = this;
    if (faults.happens(0.06)) return random.of(otherValues);
    if (isNonNullType(type)) return this.presentJson(type.ofType, depth);
    return random.chance(0.1) ? null : this.presentJson(type, depth);
  }
  presentJson(type, depth) {
    const {random} = this;
    if (isListType(type)) {
      return random.chance(0.15) ? this.json(type.ofType, depth) : random.many(0, 3, () => this.json(type.ofType, depth + 1));
    }
    if (isInputObjectType(type)) return this.jsonObject(type, depth);
    if (isEnumType(type)) return random.of(type.getValues()).name;
    if (!isScalarType(type)) return random.of(otherValues); // Not an input type: a fault of the document.
    switch (type.name) {
      case 'Int': return random.of([0, 7, -12, 2147483647, -2147483648]);
      case 'Float': return random.of([0, -7, 0.5, -1.5e3, 1e21, 123456789012]);
      case 'Boolean': return random.chance(0.5);
      case 'ID': return random.of(['', 'x', '7', 7, -12, 9007199254740991]);
      case 'String': return random.of(['', 'x', '7', 'two words', 'line\nbreak', '\u00e9\u{1F600}']);
      default: return random.of(otherValues);
    }
  }
  jsonObject(type, depth) {
    const {random, faults} = this;
    const object = {};
    for (const field of Object.values(type.getFields())) {
      const isWanted = isRequiredInputField(field) ? !faults.happens(0.1) : depth < 3 && random.chance(0.25);
      if (isWanted) object[field.name] = this.json(field.type, depth + 1);
    }
    if (faults.happens(0.05)) object.noSuchField = random.of(otherValues);
    return object;
  }
}

module.exports = {ValueDraw};
