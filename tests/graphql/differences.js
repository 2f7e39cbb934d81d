// Where our engine speaks otherwise than graphql-js on purpose. Everything else must be the same, word for word.
// Suggestions ("Did you mean …?") are switched off in graphql-js: they tell the names of the API to callers who may not
// ask for them, and AppSync makes none.
'use strict';

/**
 * Cuts a built-in type of graphql-js down to what `ours`, its introspection by us, has: later editions of the
 * specification than October 2021 added parts. Descriptions are our own words.
 */
function asInOctober2021(type, ours) {
  type.description = ours.description;
  if (!type.name.startsWith('__')) return;
  const known = new Map([...(ours.fields ?? []), ...(ours.enumValues ?? [])].map((part) => [part.name, part]));
  if (ours.enumValues) type._values = type.getValues().filter((one) => known.has(one.name));
  for (const part of ours.fields ? Object.values(type.getFields()) : type.getValues()) {
    if (!known.has(part.name)) delete type.getFields()[part.name];
    part.description = null;
    part.args = part.args?.filter((one) => known.get(part.name)?.args.some((other) => other.name === one.name));
  }
}

/**
 * graphql-js throws out of `validate` when a root field of a subscription has @skip or @include whose condition is no
 * literal, or a wrong one. We say what else is wrong with the document.
 */
function isLostOnSubscriptions(tree) {
  return tree.definitions.some((one) => one.operation === 'subscription');
}

/** Introspection shows a default as it is written; graphql-js adds the defaults of its members. */
function defaultAsWritten(text) {
  return /^\[?\{\w/.test(text) ? 'a default with members' : text;
}

/** Later editions describe operations and variables; October 2021 has a syntax error there. */
function isDescribed(syntax) {
  return syntax !== undefined && /^Syntax Error: (Expected "\$", found|Unexpected) String/.test(syntax.message);
}

/**
 * What is wrong with a name, a selection or a type inside a construct, we place where the construct begins; of the root
 * fields of a subscription we name those of fragments last.
 */
function isPlacedAtTheStart(message) {
  return /^There can be only one (variable|operation|fragment) named|^Unknown fragment|must not have a selection|^Unknown type|cannot condition on|must select only one top level field/.test(message);
}

/**
 * A null where none may be, in variables and in results, reads as AppSync's message does: its clients match on these
 * words to tell a bad record from other failures (spec/protocol.md 1.3).
 */
function nullVariable(message) {
  const missing = /^Variable "\$(\w+)" of required type "([^"]+)" was not provided\.$/.exec(message) ??
    /^Variable "\$(\w+)" of non-null type "([^"]+)" must not be null\.$/.exec(message);
  if (missing) return appSyncsNull(missing[1], missing[2]);
  const inside = /^Variable "\$(\w+)" got invalid value null(?: at "([^"]+)")?; Expected non-nullable type "([^"]+)" not to be null\.$/.exec(message);
  if (inside) return appSyncsNull((inside[2] ?? inside[1]).replace(/(\[\d+\])+$/, '').replace(/^.*\./, ''), inside[3]);
  const field = /; Field "(\w+)" of required type "([^"]+)" was not provided\.$/.exec(message);
  return field ? appSyncsNull(field[1], field[2]) : message;
}

function appSyncsNull(name, type) {
  return `Variable '${name}' has coerced Null value for NonNull type '${type}'`;
}

/** `typeOf(parent, field)` is the named type of a field, whose place in the answer is `path`. */
function nullResult(message, path, typeOf) {
  const found = /^Cannot return null for non-nullable field (\w+)\.(\w+)\.$/.exec(message);
  if (!found) return message;
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${step}`)).join('');
  return `Cannot return null for non-nullable type: '${typeOf(found[1], found[2])}' within parent '${found[1]}' (${place})`;
}

/** An abstract type's object names its type in `__typename`; there is no other way, so none is proposed. */
function withoutProposals(message) {
  return message.replace(/ Either the "\w+" type should provide a "resolveType" function.*$/, '');
}

/**
 * After a null for a non-null field, graphql-js leaves the rest of that object; we have read it with the rest of its
 * level already. The specification allows both. So an error of ours may be one too many, where the answer ends in null
 * above its place.
 */
function isBelowNull(path, data) {
  let value = data;
  for (const step of path) {
    if (value === null) return true;
    value = value?.[step];
  }
  return false;
}

module.exports = {asInOctober2021, defaultAsWritten, isBelowNull, isDescribed, isLostOnSubscriptions, isPlacedAtTheStart, nullResult, nullVariable, withoutProposals};
