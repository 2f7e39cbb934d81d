// Every list, index query and relation of every recorded schema answers: no key is of a form that nobody thought of.
#include <gtest/gtest.h>

#include "api/golden_cases.h"
#include "server/testing.h"

namespace holdfast::server {
namespace {

using testing::Story;

/// The same for all fields of a type, so that foreign keys lead somewhere.
Value sample_of(const Schema& schema, const FieldSchema& field) {
  if (field.is_list || field.kind == FieldKind::embedded) return {};
  if (field.kind == FieldKind::enumeration) return schema.enumeration(field.type_name)->values.front();
  switch (field.scalar) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return 1;
    case Scalar::floating: return 1.5;
    case Scalar::boolean: return true;
    case Scalar::aws_date: return "2026-11-22";
    case Scalar::aws_time: return "09:30:00";
    case Scalar::aws_date_time: return "2026-11-22T09:30:00Z";
    case Scalar::aws_email: return "a@example.com";
    case Scalar::aws_json: return "{}";
    case Scalar::aws_url: return "https://example.com/";
    case Scalar::aws_phone: return "+44123456789";
    case Scalar::aws_ip_address: return "::1";
    default: return "a";
  }
}

std::string literal_of(const Schema& schema, const FieldSchema& field) {
  const auto value = sample_of(schema, field);
  return field.kind == FieldKind::enumeration ? *value.as_string() : testing::text(value);
}

void put_one_of_each(Story& story) {
  for (const auto& model : story.schema.models) {
    Record record(model);
    for (std::size_t at = 0; at < model.fields.size(); ++at) {
      record.values[at] = sample_of(story.schema, model.fields[at]);
    }
    ASSERT_TRUE(story.store->put({.record = std::move(record)}));
  }
}

/// What a query narrowed by one field finds.
std::size_t found(Story& story, const ModelSchema& model, const std::string& query, const std::string& field) {
  const auto argument = field + ": " + literal_of(story.schema, *model.field(field));
  const auto page = story.get("{ " + query + "(" + argument + ") { items { __typename } nextToken } }");
  const auto* items = page["items"].as_list();
  return items == nullptr ? 0 : items->size();
}

class RecordedReads : public ::testing::TestWithParam<api::testing::GoldenCase> {};

TEST_P(RecordedReads, Answer) {
  ServerOptions options;
  if (!api::testing::settings_of(GetParam()).api.is_versioned) options.conflict = ConflictStrategy::none;
  Story story(api::testing::reading_of(GetParam()), options);
  ASSERT_NE(story.server, nullptr);
  put_one_of_each(story);
  for (const auto& model : story.schema.models) {
    for (const auto& index : model.indexes) {
      if (!index.query_field) continue;
      EXPECT_EQ(found(story, model, *index.query_field, index.fields.front()), 1U) << *index.query_field;
    }
    const auto& list = model.operations.list;
    if (list.empty()) continue;
    if (model.has_custom_primary_key) {
      EXPECT_EQ(found(story, model, list, model.primary_key.front()), 1U) << list;
    }
    for (const auto& relation : model.relations) {
      const bool is_to_many = relation.kind == RelationKind::has_many;
      const auto selected = relation.name + (is_to_many ? " { items { __typename } }" : " { __typename }");
      EXPECT_EQ(story.get("{ " + list + " { items { " + selected + " } } }")["items"].as_list()->size(), 1U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Transformer, RecordedReads, ::testing::ValuesIn(api::testing::served_cases()),
                         [](const auto& one) { return one.param.title(); });

}  // namespace
}  // namespace holdfast::server
