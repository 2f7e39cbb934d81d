// Draws GraphQL documents from a seed: whole ones by the grammar, with any layout, and broken ones by mutation.
'use strict';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const names = ['a', 'id', 'Post', '_x9', 'type', 'input', 'query', 'on', 'fragment', 'implements', 'extend', 'repeatable',
  'interface', 'schema', 'directive', 'trueish', 'nullable', 'aLongNameThatHelpsALineToPassEightyCharacters'];
const letters = ['a', 'B', ' ', '  ', '0', '#', ',', '$', '{', '}', '\'', 'é', '☃', '😀', '\u00a0', '\ufeff', '.', '!'];
const escapes = ['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0041', '\\u00e9', '\\u263A', '\\u0007', '\\u0013'];
const blockParts = ['\n', '\n', '\r\n', '\r', '  ', '\t', '"', '""', '\\"""', '\\', 'word', 'two words', '  deep', '😀', '#'];
const locations = ['QUERY', 'FIELD', 'FRAGMENT_SPREAD', 'VARIABLE_DEFINITION', 'SCHEMA', 'OBJECT', 'FIELD_DEFINITION',
  'ENUM_VALUE', 'INPUT_FIELD_DEFINITION'];

/** Writes tokens, a list of texts, by the rules of one grammar. */
class Draw {
  constructor(random) {
    this.random = random;
    this.depth = 0;
  }

  below(count) { return Math.floor(this.random() * count); }
  chance(share) { return this.random() < share; }
  of(all) { return all[this.below(all.length)]; }
  name() { return this.of(names); }
  valueName() { return this.chance(0.1) ? 'VALUE_' + this.below(9) : this.name(); }
  maybe(share, rule) { return this.chance(share) ? rule() : []; }
  many(least, most, rule) {
    const out = [];
    for (let left = least + this.below(most - least + 1); left > 0; --left) out.push(...rule());
    return out;
  }
  separated(separator, rule) {
    return [...this.maybe(0.2, () => [separator]), ...rule(), ...this.many(0, 2, () => [separator, ...rule()])];
  }
  deeper(rule) {
    ++this.depth;
    const out = rule();
    --this.depth;
    return out;
  }

  // --- values and types ---
  number() {
    const integer = this.of(['0', '-0', '7', '-12', '123456789012345678901234567890']);
    return integer + this.of(['', '', '.5', '.000', 'e3', 'E+9', 'e-0', '.5e10']);
  }
  quoted() {
    let text = '';
    for (let left = this.below(8); left > 0; --left) text += this.chance(0.3) ? this.of(escapes) : this.of(letters);
    return `"${text}"`;
  }
  block() {
    let text = '';
    for (let left = this.below(9); left > 0; --left) text += this.of(blockParts);
    // What would read as the closing quotes, or hide them.
    text = text.replace(/(?<!\\)"{3,}/g, '"').replace(/["\\]+$/, '');
    return `"""${text}"""`;
  }
  string() { return this.chance(0.5) ? this.quoted() : this.block(); }
  value(isConstant) {
    const simple = [() => [this.number()], () => [this.string()], () => [this.valueName()],
      () => [this.of(['true', 'false', 'null'])]];
    if (!isConstant) simple.push(() => ['$', this.name()]);
    if (this.depth > 4 || this.chance(0.7)) return this.of(simple)();
    return this.deeper(() => this.chance(0.5)
      ? ['[', ...this.many(0, 3, () => this.value(isConstant)), ']']
      : ['{', ...this.many(0, 3, () => [this.name(), ':', ...this.value(isConstant)]), '}']);
  }
  arguments(isConstant) {
    return this.maybe(0.4, () => ['(', ...this.many(1, 4, () => [this.name(), ':', ...this.value(isConstant)]), ')']);
  }
  directives(isConstant, least = 0) {
    return this.many(least, this.chance(0.3) ? 2 : least, () => ['@', this.name(), ...this.arguments(isConstant)]);
  }
  type() {
    const bang = this.maybe(0.3, () => ['!']);
    if (this.depth > 3 || this.chance(0.7)) return [this.name(), ...bang];
    return this.deeper(() => ['[', ...this.type(), ']', ...bang]);
  }

  // --- executable documents ---
  selection() {
    const kind = this.below(6);
    if (kind === 0) return ['...', this.fragmentName(), ...this.directives(false)];
    if (kind === 1) {
      return ['...', ...this.maybe(0.6, () => ['on', this.name()]), ...this.directives(false), ...this.selections()];
    }
    return [...this.maybe(0.2, () => [this.name(), ':']), this.name(), ...this.arguments(false), ...this.directives(false),
      ...(this.depth < 4 ? this.maybe(0.3, () => this.selections()) : [])];
  }
  fragmentName() {
    const name = this.name();
    return name === 'on' ? 'onto' : name;
  }
  selections() { return this.deeper(() => ['{', ...this.many(1, this.depth < 4 ? 4 : 1, () => this.selection()), '}']); }
  variable() {
    return ['$', this.name(), ':', ...this.type(), ...this.maybe(0.3, () => ['=', ...this.value(true)]),
      ...this.directives(true)];
  }
  executable() {
    const kind = this.below(4);
    if (kind === 0) return this.selections();
    if (kind === 1) {
      return ['fragment', this.fragmentName(), 'on', this.name(), ...this.directives(false), ...this.selections()];
    }
    return [this.of(['query', 'mutation', 'subscription']), ...this.maybe(0.7, () => [this.name()]),
      ...this.maybe(0.4, () => ['(', ...this.many(1, 3, () => this.variable()), ')']), ...this.directives(false),
      ...this.selections()];
  }

  // --- type-system documents ---
  description() { return this.maybe(0.25, () => [this.string()]); }
  input() {
    return [...this.description(), this.name(), ':', ...this.type(), ...this.maybe(0.3, () => ['=', ...this.value(true)]),
      ...this.directives(true)];
  }
  inputs(open, close) { return [open, ...this.many(1, 3, () => this.input()), close]; }
  field() {
    return [...this.description(), this.name(), ...this.maybe(0.3, () => this.inputs('(', ')')), ':', ...this.type(),
      ...this.directives(true)];
  }
  interfaces() { return this.maybe(0.3, () => ['implements', ...this.separated('&', () => [this.name()])]); }
  /** An extension needs something behind its name. */
  body(isExtension, rule) { return isExtension ? rule() : this.maybe(0.85, rule); }
  typeDefinition(isExtension) {
    const definitions = [
      () => ['scalar', this.name(), ...this.directives(true, isExtension ? 1 : 0)],
      () => [this.of(['type', 'interface']), this.name(), ...this.interfaces(), ...this.directives(true),
        ...this.body(isExtension, () => ['{', ...this.many(1, 4, () => this.field()), '}'])],
      () => ['union', this.name(), ...this.directives(true),
        ...this.body(isExtension, () => ['=', ...this.separated('|', () => [this.name()])])],
      () => ['enum', this.name(), ...this.directives(true), ...this.body(isExtension, () => ['{', ...this.many(1, 4,
        () => [...this.description(), this.valueName(), ...this.directives(true)]), '}'])],
      () => ['input', this.name(), ...this.directives(true), ...this.body(isExtension, () => this.inputs('{', '}'))],
    ];
    return this.of(definitions)();
  }
  schemaDefinition() {
    const roots = ['query', 'mutation', 'subscription'].filter(() => this.chance(0.6));
    if (roots.length === 0) roots.push('query');
    return ['schema', ...this.directives(true), '{', ...roots.flatMap((root) => [root, ':', this.name()]), '}'];
  }
  typeSystem() {
    const kind = this.below(10);
    if (kind === 0) return ['extend', ...this.schemaDefinition()];
    if (kind < 3) return ['extend', ...this.typeDefinition(true)];
    if (kind === 3) return [...this.description(), ...this.schemaDefinition()];
    if (kind === 4) {
      return [...this.description(), 'directive', '@', this.name(), ...this.maybe(0.5, () => this.inputs('(', ')')),
        ...this.maybe(0.3, () => ['repeatable']), 'on', ...this.separated('|', () => [this.of(locations)])];
    }
    return [...this.description(), ...this.typeDefinition(false)];
  }

  // --- text ---
  /** Between two tokens: enough to keep them apart, and anything that does not count. */
  gap() { return this.of([' ', ' ', ' ', '\n', '\n', '\r\n', '\r', ', ', '\t', ' # a comment " {\n', '\ufeff ', '  ,,\n  ']); }
  layout(tokens) {
    let text = this.chance(0.1) ? '\ufeff' : '';
    for (const token of tokens) text += token + this.gap();
    return text;
  }
  broken(tokens) {
    const at = this.below(tokens.length);
    const out = [...tokens];
    const mutations = [
      () => out.splice(at, 1),
      () => out.splice(at, 0, out[at]),
      () => out.splice(at, 2, ...out.slice(at, at + 2).reverse()),
      () => out.splice(at, 1, this.of(tokens)),
      () => out.splice(at, 1, this.of(['{', '}', '(', ')', '[', ']', ':', '=', '!', '|', '&', '@', '$', '...', '"x"', '1', '?'])),
      () => out.splice(at),
      () => { out[at] = this.scratched(out[at]); },
    ];
    this.of(mutations)();
    return this.layout(out);
  }
  /** One character more, less or other. */
  scratched(token) {
    const points = [...token];
    const other = this.of(['', '"', '\\', '.', '0', 'e', '-', '_', '\n', '%', '`']);
    points.splice(this.below(points.length + 1), this.below(2), other);
    return points.join('');
  }
}

/** `count` documents of kind "schema" or "document", every other one broken (some of those remain valid). */
function documents(kind, count, seed) {
  const out = [];
  for (let number = 0; number < count; ++number) {
    const draw = new Draw(randomOf(seed + number));
    const tokens = draw.many(1, 4, () => (kind === 'schema' ? draw.typeSystem() : draw.executable()));
    out.push({kind, text: number % 2 === 0 ? draw.layout(tokens) : draw.broken(tokens)});
  }
  return out;
}

module.exports = {documents};
