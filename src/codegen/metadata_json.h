// Metadata as JSON: the parts that schema.js and model-introspection.json have in common, and the text of both.
#pragma once

#include <string>

#include "codegen/metadata.h"
#include "holdfast/value.h"

namespace holdfast::codegen {

/// A scalar's name, or an object that says what kind of type it is; null for a type that clients know nothing of.
Value type_json(const Metadata& metadata, const std::string& type);
/// "name", "isArray", "type", "isRequired", "isArrayNullable": what fields, arguments and operations share.
Object shape_json(const Metadata& metadata, const MetadataField& field);
/// "name", "fields", and for models "syncable", "pluralName" and "attributes". A relation of the older dialect names
/// its keys one by one for DataStore, and in lists for introspection.
Object declaration_json(const Metadata& metadata, const MetadataType& type, Audience audience);
Object enums_json(const Metadata& metadata);

/// JSON over several lines, `indent` spaces a level; as JavaScript's JSON.stringify writes it.
std::string indented(const Value& value, int indent);

}  // namespace holdfast::codegen
