// A backend's file of format 1, from testdata/format_1.sql. For tests, which run in the project's folder.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// The schema that the file was written with: Note and Other, each with an id and a text.
inline Schema schema_of_format_1() {
  Schema schema;
  for (const auto* name : {"Note", "Other"}) {
    ModelSchema model;
    model.name = name;
    model.primary_key = {"id"};
    for (const auto* field : {"id", "text"}) model.fields.emplace_back().name = field;
    schema.models.push_back(std::move(model));
  }
  return schema;
}

inline void write_format_1(const std::string& path) {
  std::ifstream dump("src/server/store/sqlite/testdata/format_1.sql");
  const std::string sql{std::istreambuf_iterator<char>(dump), {}};
  auto written = sqlite::Connection::open({.path = path}).value().run(sql);
  if (sql.empty() || !written) throw std::runtime_error("cannot write a file of format 1 at " + path);
}

}  // namespace holdfast::server
