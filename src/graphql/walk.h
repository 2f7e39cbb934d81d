// Walk: one pass over a request's document that tells a visitor, at every place, the types that stand there.
#pragma once

#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "graphql/type_system.h"

namespace holdfast::graphql {

/// A field as selected. `parent` and `definition` are null where the type system knows none.
struct FieldPlace {
  const TypeDefinition* parent = nullptr;
  const FieldDefinition* definition = nullptr;
  const Selection& selection;
};

/// Where a value stands: the type expected there (null when unknown), and whether the place has a default. Items of a
/// list where none is expected stand there each for itself, and may be null.
struct ValuePlace {
  const TypeRef* type = nullptr;
  bool has_default = false;
  bool is_nullable = false;

  /// `type`, which must be known, as it holds at this place.
  [[nodiscard]] TypeRef expected() const {
    auto here = *type;
    here.is_non_null = here.is_non_null && !is_nullable;
    return here;
  }
};

/// What a rule hears, in document order; every method does nothing unless overridden.
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void enter_operation(const Operation&) {}
  virtual void leave_operation(const Operation&) {}
  virtual void enter_fragment(const Fragment&) {}
  virtual void variable(const VariableDefinition&) {}
  /// A selection set with its parent type; sets of inline fragments too, with `is_inline`.
  virtual void selection_set(const TypeDefinition*, const std::vector<Selection>&, bool) {}
  virtual void field(const FieldPlace&) {}
  virtual void leave_field(const FieldPlace&) {}
  virtual void spread(const TypeDefinition*, const Selection&) {}
  /// `parent`, the type of the fragment (null when unknown), the fragment.
  virtual void inline_fragment(const TypeDefinition*, const TypeDefinition*, const Selection&) {}
  /// All directives of one place, with the place's name ("FIELD").
  virtual void directives(const std::vector<Directive>&, std::string_view) {}
  /// Returns whether to go into lists and objects.
  virtual bool value(const ValuePlace&, const AstValue&) { return true; }
};

/// Recurses as deep as the document nests, which the parser bounds; fragments are visited where they are defined.
void walk(const TypeSystem& types, const Document& document, Visitor& visitor);

}  // namespace holdfast::graphql
