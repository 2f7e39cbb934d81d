// How models, embedded types and enums look in C++: decided here once, written by cpp_header and cpp_source.
// Private to the room.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "codegen/cpp_models.h"

namespace holdfast::codegen {

/// A data member. A reference stands for the foreign key fields behind it.
struct Member {
  std::string name = {};
  std::string type = {};
  std::string description = {};
  std::vector<std::size_t> fields = {};  ///< Indexes in the schema's fields; one unless `target` is set.
  std::string target = {};               ///< The C++ name of the model that is referred to; empty for values.
  bool is_initialized = true;            ///< False for a list of a type that is defined further down.
};

/// A constant of `struct fields`: a field or a relation.
struct FieldConstant {
  std::string name = {};
  std::string type = {};
  std::string initializer = {};  ///< With its braces.
  std::string description = {};
};

struct ModelShape {
  const ModelSchema* model = nullptr;
  std::string name = {};
  std::vector<Member> members = {};
  std::vector<FieldConstant> constants = {};
};

struct EmbeddedShape {
  const EmbeddedSchema* type = nullptr;
  std::string name = {};
  std::vector<Member> members = {};
};

struct EnumShape {
  const EnumSchema* type = nullptr;
  std::string name = {};
  std::vector<std::string> values = {};        ///< Parallel to the schema's.
  std::vector<std::string> descriptions = {};  ///< Of the values, parallel to them.
};

/// Points into what was read, which outlives it.
struct CppShape {
  std::vector<EnumShape> enums = {};
  std::vector<EmbeddedShape> embedded = {};  ///< Each behind the types it holds, unless these contain it.
  std::vector<std::string> ahead = {};       ///< The C++ names of embedded types that are used before they are defined.
  std::vector<ModelShape> models = {};       ///< Parallel to the schema's.
};

CppShape shape_of(const schema::Reading& reading);

}  // namespace holdfast::codegen
