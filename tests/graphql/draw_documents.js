// Draws GraphQL documents for a schema: whole ones, and broken ones with a few faults of every kind.
'use strict';

const {GraphQLNonNull, astFromValue, getNullableType, isAbstractType, isCompositeType, isEnumType, isInputType, isInterfaceType,
  isLeafType, isListType, isNonNullType, isRequiredArgument, isUnionType, getNamedType, print, SchemaMetaFieldDef,
  TypeMetaFieldDef, TypeNameMetaFieldDef} = require('graphql');

const {Random} = require('./random.js');
const {ValueDraw} = require('./draw_values.js');

const DEPTH_MAX = 4;

/** What goes wrong in one document: as many things as it was given, each where the dice say so. */
class Faults {
  constructor(random, count) {
    this.random = random;
    this.left = count;
  }
  happens(share) {
    if (this.left === 0 || !this.random.chance(share)) return false;
    --this.left;
    return true;
  }
}

class DocumentDraw {
  constructor(random, schema, faultCount, inputFaultCount) {
    this.random = random;
    this.schema = schema;
    this.faults = new Faults(random, faultCount);
    this.types = Object.values(schema.getTypeMap()).sort((left, right) => (left.name < right.name ? -1 : 1));
    this.composites = this.types.filter((type) => isCompositeType(type) && !type.name.startsWith('__'));
    this.inputs = this.types.filter(isInputType);
    this.values = new ValueDraw(random, this.faults, (type, hasDefault) => this.variable(type, hasDefault));
    this.constants = new ValueDraw(random, this.faults, undefined);
    this.inputFaults = new Faults(random, inputFaultCount);
    this.given = new ValueDraw(random, this.inputFaults, undefined);
    this.variables = new Map(); // name → {type, text, default}
    this.aliases = 0;
  }

  // --- the document ---
  draw() {
    const {random, faults} = this;
    const isScratched = faults.happens(0.06);
    this.fragments = random.many(0, 4, (at) => ({name: `F${at}`, type: random.of(this.composites)}));
    // From the last: a fragment spreads later ones, so that there is no cycle but by fault.
    for (let at = this.fragments.length - 1; at >= 0; --at) this.fragment(at);
    this.current = {at: -1, uses: new Set(), spreads: new Set()};
    const count = random.chance(0.8) ? 1 : 2 + random.below(2);
    const operations = random.many(count, count, (at) => this.operation(at, count));
    const used = new Set();
    const follow = (names) => names.forEach((name) => {
      if (used.has(name)) return;
      used.add(name);
      follow(this.fragments.find((one) => one.name === name)?.spreads ?? []);
    });
    operations.forEach((operation) => follow(operation.spreads));
    const kept = this.fragments.filter((one) => used.has(one.name) || faults.happens(0.3));
    const parts = [...operations.map((one) => one.text), ...kept.map((one) => one.text)];
    if (kept.length > 0 && faults.happens(0.1)) parts.push(random.of(kept).text);
    const text = random.chance(0.2) ? [...parts].reverse().join('\n') : parts.join('\n');
    return {document: isScratched ? this.scratched(text) : text, ...this.request(operations)};
  }
  /** Which operation to run, with which variables. */
  request(operations) {
    const {random, faults} = this;
    const chosen = random.of(operations);
    const request = {variables: {}};
    if (operations.length > 1 || random.chance(0.2)) request.operation = chosen.name;
    if (faults.happens(0.03)) request.operation = random.of(['Nobody', '']); // The empty one is none to us.
    for (const name of chosen.defined) {
      const {type, default: fallback} = this.variables.get(name);
      const isNeeded = isNonNullType(type) && fallback === undefined;
      if (isNeeded ? this.inputFaults.happens(0.1) : random.chance(0.3)) continue;
      request.variables[name] = this.given.json(type);
    }
    if (random.chance(0.1)) request.variables.unused = 1;
    return request;
  }
  /** A token less, twice or other. */
  scratched(text) {
    const tokens = text.match(/"""[^]*?"""|"(?:\\.|[^"\\])*"|\.\.\.|[\w.+-]+|\S/g);
    const at = this.random.below(tokens.length);
    this.random.of([
      () => tokens.splice(at, 1),
      () => tokens.splice(at, 0, tokens[at]),
      () => tokens.splice(at, 1, this.random.of(['{', '}', '(', ')', ':', '!', '$', '@', '...', 'on', '0x', '"open'])),
    ])();
    return tokens.join(' ');
  }

  operation(at, count) {
    const {random, faults} = this;
    const kinds = ['query', 'query', 'query', 'mutation', 'subscription'];
    let kind = random.of(kinds);
    const root = () => ({query: this.schema.getQueryType(), mutation: this.schema.getMutationType(),
      subscription: this.schema.getSubscriptionType()})[kind];
    if (!root() && !faults.happens(0.3)) kind = 'query';
    let name = count > 1 || random.chance(0.4) ? `Op${at}` : '';
    if (count > 1 && faults.happens(0.1)) name = '';
    if (count > 1 && faults.happens(0.1)) name = 'Op0';
    this.current = {at: -1, uses: new Set(), spreads: new Set(), isSubscription: kind === 'subscription'};
    const body = this.selectionSet(root() ?? this.schema.getQueryType(), 0);
    const reached = [...this.current.uses];
    if (reached.length > 0 && faults.happens(0.1)) reached.splice(random.below(reached.length), 1);
    if (faults.happens(0.06)) reached.push(this.newVariable(random.of(this.inputs)));
    if (reached.length > 0 && faults.happens(0.05)) reached.push(random.of(reached));
    const defined = reached.map((one) => this.definition(one)).join(random.of([', ', ' ', '\n']));
    const directives = this.directives(kind.toUpperCase());
    const isShort = kind === 'query' && name === '' && defined === '' && directives === '' && random.chance(0.7);
    const head = isShort ? '' : `${kind} ${name}${defined && `(${defined})`}${directives} `;
    return {text: head + body, name, defined: new Set(reached), spreads: this.current.spreads};
  }
  fragment(at) {
    const {random, faults} = this;
    const fragment = this.fragments[at];
    this.current = {at, uses: new Set(), spreads: new Set()};
    const body = this.selectionSet(fragment.type, 1);
    const condition = faults.happens(0.04) ? this.wrongType() : fragment.type.name;
    const text = `fragment ${fragment.name} on ${condition}${this.directives('FRAGMENT_DEFINITION')} ${body}`;
    this.fragments[at] = {...fragment, ...this.current, text};
  }
  wrongType() { return this.random.chance(0.3) ? 'NoSuchType' : this.random.of(this.types).name; }

  // --- variables ---
  /** The text of a variable that fits the place; one that is there already, or a new one. */
  variable(type, hasDefault) {
    const {random, faults} = this;
    const isRequired = isNonNullType(type);
    const candidates = [...this.variables].filter(([, one]) => {
      const isSame = String(one.type) === String(type) || String(one.type) === `${type}!`;
      return isSame || (isRequired && String(one.type) === String(type.ofType) && (hasDefault || one.hasValue));
    });
    if (faults.happens(0.05) && this.variables.size > 0) return this.use(random.of([...this.variables.keys()]));
    if (faults.happens(0.03)) return '$undefined';
    if (candidates.length > 0 && random.chance(0.6)) return this.use(random.of(candidates)[0]);
    const mayBeNull = isRequired && (hasDefault || random.chance(0.2));
    return this.use(this.newVariable(mayBeNull ? type.ofType : type, mayBeNull && !hasDefault));
  }
  newVariable(type, needsDefault = false) {
    const {random, faults} = this;
    const name = `v${this.variables.size}`;
    const drawn = faults.happens(0.02) ? random.of(this.types) : type;
    const one = {type: !isNonNullType(drawn) && isInputType(drawn) && !needsDefault && random.chance(0.2) ? new GraphQLNonNull(drawn) : drawn};
    if (isInputType(one.type) && (needsDefault || random.chance(0.2))) {
      one.default = needsDefault ? this.constants.present(getNullableType(one.type), 2) : this.constants.literal(one.type, 2);
      one.hasValue = one.default !== 'null';
    }
    this.variables.set(name, one);
    return name;
  }
  use(name) {
    this.current.uses.add(name);
    return `$${name}`;
  }
  definition(name) {
    const one = this.variables.get(name);
    const type = this.faults.happens(0.02) ? 'NoSuchType' : one.type;
    return `$${name}: ${type}${one.default === undefined ? '' : ` = ${one.default}`}${this.directives('VARIABLE_DEFINITION')}`;
  }

  // --- selections ---
  selectionSet(type, depth) {
    const {random, faults} = this;
    const isRoot = depth === 0;
    const most = isRoot && this.current.isSubscription && !faults.happens(0.3) ? 1 : 3;
    const parts = [];
    const heads = [];
    random.many(1, most, () => parts.push(...this.selection(type, depth, heads)));
    return `{${random.of([' ', '\n  '])}${parts.join(random.of([' ', '\n', ', ']))} }`;
  }
  selection(type, depth, heads) {
    const {random} = this;
    const dice = random.share();
    if (dice < 0.12 && depth < DEPTH_MAX) return [this.inlineFragment(type, depth)];
    if (dice < 0.24) return this.spread(type);
    if (dice < 0.32 && heads.length > 0) {
      // The same field once more: both are merged.
      const again = random.of(heads);
      return [this.completed(again.head, again.field, depth)];
    }
    return [this.field(type, depth, heads)];
  }
  inlineFragment(type, depth) {
    const {random, faults} = this;
    const fits = this.composites.filter((one) => this.overlap(type, one));
    const inner = random.chance(0.25) ? type : faults.happens(0.1) ? random.of(this.composites) : random.of(fits) ?? type;
    let condition = inner === type && random.chance(0.5) ? '' : ` on ${inner.name}`;
    if (faults.happens(0.03)) condition = ` on ${this.wrongType()}`;
    return `...${condition}${this.directives('INLINE_FRAGMENT')} ${this.selectionSet(inner, depth === 0 ? 1 : depth)}`;
  }
  overlap(left, right) {
    const possible = (type) => (isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type]);
    return possible(left).some((one) => possible(right).includes(one));
  }
  spread(type) {
    const {random, faults} = this;
    const {at} = this.current;
    let fits = this.fragments.filter((one, place) => place > at && this.overlap(type, one.type));
    if (faults.happens(0.1)) fits = this.fragments;
    if (faults.happens(0.04)) return ['...NoSuchFragment'];
    if (fits.length === 0) return ['__typename'];
    const fragment = random.of(fits);
    this.current.spreads.add(fragment.name);
    (fragment.uses ?? []).forEach((name) => this.current.uses.add(name));
    return [`...${fragment.name}${this.directives('FRAGMENT_SPREAD')}`];
  }
  field(type, depth, heads) {
    const {random, faults} = this;
    const fields = this.fieldsOf(type, depth);
    const field = random.of(fields);
    let name = field.name;
    if (faults.happens(0.03)) name = random.of(['noSuchField', '__typename', '__schema', random.of(Object.keys(this.schema.getQueryType().getFields()))]);
    const alias = random.chance(0.25) ? `${random.of(['a', 'b', `c${++this.aliases}`, `d${++this.aliases}`])}: ` : '';
    const head = alias + name + this.arguments(field.args);
    heads.push({head, field});
    return this.completed(head, field, depth);
  }
  fieldsOf(type, depth) {
    if (isUnionType(type)) return [TypeNameMetaFieldDef];
    const all = Object.values(type.getFields());
    const leaves = all.filter((field) => isLeafType(getNamedType(field.type)));
    const own = depth >= DEPTH_MAX && leaves.length > 0 ? leaves : all;
    if (this.random.chance(0.06)) {
      return type === this.schema.getQueryType() ? [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef] : [TypeNameMetaFieldDef];
    }
    return own;
  }
  completed(head, field, depth) {
    const {random, faults} = this;
    const type = getNamedType(field.type);
    const directives = this.directives('FIELD');
    let isSelecting = isCompositeType(type);
    if (faults.happens(0.02)) isSelecting = !isSelecting;
    if (!isSelecting) return head + directives;
    if (depth > DEPTH_MAX + 1) return `${head}${directives} { __typename }`;
    const inner = isCompositeType(type) ? type : random.of(this.composites);
    return `${head}${directives} ${this.selectionSet(inner, depth + 1)}`;
  }

  // --- arguments and directives ---
  arguments(definitions) {
    const {random, faults} = this;
    const given = [];
    for (const one of definitions) {
      const isWanted = isRequiredArgument(one) ? !faults.happens(0.05) : random.chance(0.35);
      if (isWanted) given.push(`${one.name}: ${this.values.literal(one.type, 0, one.defaultValue !== undefined)}`);
    }
    if (faults.happens(0.02)) given.push('noSuchArgument: 1');
    if (given.length > 0 && faults.happens(0.03)) given.push(random.of(given));
    if (random.chance(0.1)) given.reverse();
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }
  directives(place) {
    const {random, faults} = this;
    if (!random.chance(0.1)) return '';
    const fits = this.schema.getDirectives().filter((one) => one.locations.includes(place));
    const all = faults.happens(0.15) ? this.schema.getDirectives() : fits;
    if (faults.happens(0.05)) return ' @noSuchDirective';
    const out = random.many(1, 2, () => random.of(all)).filter(Boolean).filter((one, at, list) => {
      return one.isRepeatable || list.indexOf(one) === at || faults.happens(0.3);
    });
    // Where variables are constants, no variable may stand.
    const isConstant = place === 'VARIABLE_DEFINITION';
    const before = this.values;
    if (isConstant && !faults.happens(0.05)) this.values = this.constants;
    const text = out.map((one) => ` @${one.name}${this.arguments(one.args)}`).join('');
    this.values = before;
    return text;
  }
}

/**
 * `count` requests {document, variables, operation?}. Every other document has one to three faults; of the rest every
 * other one has faulty variables.
 */
function documents(schema, count, seed) {
  return Array.from({length: count}, (_, number) => {
    const random = new Random(seed * 1_000_003 + number);
    const faults = [number % 2 === 0 ? 0 : 1 + random.below(3), number % 4 === 0 ? 1 + random.below(2) : 0];
    return new DocumentDraw(random, schema, ...faults).draw();
  });
}

module.exports = {documents};
