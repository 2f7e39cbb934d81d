// A small model for the unit tests of several rooms, as plain data.
#pragma once

#include <string>

#include "holdfast/record.h"

namespace holdfast::testing {

inline FieldSchema scalar(std::string name, Scalar type, bool is_required = false) {
  FieldSchema field;
  field.name = std::move(name);
  field.scalar = type;
  field.is_required = is_required;
  return field;
}

inline FieldSchema list_of(FieldSchema field) {
  field.is_list = true;
  return field;
}

inline FieldSchema read_only(FieldSchema field) {
  field.is_read_only = true;
  field.is_implied = true;
  return field;
}

inline OperationNames operations(const std::string& model, const std::string& plural) {
  return {.get = "get" + model, .list = "list" + plural, .sync = "sync" + plural,
          .create = "create" + model, .update = "update" + model, .remove = "delete" + model,
          .on_create = {"onCreate" + model}, .on_update = {"onUpdate" + model}, .on_delete = {"onDelete" + model}};
}

/// Post {id, title!, rating, score, status (PostStatus), tags, place (Place), done, createdAt, updatedAt};
/// Comment {id, content!, createdAt, updatedAt, postCommentsId} belongs to Post and is removed with it;
/// Seat {city!, row!, note} has the composite key (city, row) and no timestamps.
inline Schema blog_schema() {
  Schema schema;
  schema.version = "test-blog-1";
  schema.enums = {{.name = "PostStatus", .values = {"ACTIVE", "INACTIVE"}}};
  schema.embedded = {{.name = "Place", .fields = {scalar("city", Scalar::string, true), scalar("lat", Scalar::floating)}}};

  ModelSchema post{.name = "Post", .plural_name = "Posts"};
  post.fields = {scalar("id", Scalar::id, true), scalar("title", Scalar::string, true), scalar("rating", Scalar::integer),
                 scalar("score", Scalar::floating), scalar("status", Scalar::string), list_of(scalar("tags", Scalar::string)),
                 scalar("place", Scalar::string), scalar("done", Scalar::boolean),
                 read_only(scalar("createdAt", Scalar::aws_date_time)), read_only(scalar("updatedAt", Scalar::aws_date_time))};
  post.fields[4].kind = FieldKind::enumeration;
  post.fields[4].type_name = "PostStatus";
  post.fields[6].kind = FieldKind::embedded;
  post.fields[6].type_name = "Place";
  post.relations = {{.name = "comments", .kind = RelationKind::has_many, .target = "Comment", .keys = {"id"},
                     .target_keys = {"postCommentsId"}}};
  post.primary_key = {"id"};
  post.operations = operations("Post", "Posts");

  ModelSchema comment{.name = "Comment", .plural_name = "Comments"};
  comment.fields = {scalar("id", Scalar::id, true), scalar("content", Scalar::string, true),
                    read_only(scalar("createdAt", Scalar::aws_date_time)),
                    read_only(scalar("updatedAt", Scalar::aws_date_time)), scalar("postCommentsId", Scalar::id)};
  comment.fields[4].is_implied = true;
  comment.relations = {{.name = "post", .kind = RelationKind::belongs_to, .target = "Post", .keys = {"postCommentsId"},
                        .target_keys = {"id"}}};
  comment.primary_key = {"id"};
  comment.operations = operations("Comment", "Comments");

  ModelSchema seat{.name = "Seat", .plural_name = "Seats"};
  seat.fields = {scalar("city", Scalar::string, true), scalar("row", Scalar::integer, true), scalar("note", Scalar::string)};
  seat.primary_key = {"city", "row"};
  seat.has_custom_primary_key = true;
  seat.operations = operations("Seat", "Seats");
  seat.created_at.clear();
  seat.updated_at.clear();

  schema.models = {std::move(post), std::move(comment), std::move(seat)};
  return schema;
}

/// A record of `model` with the given fields.
inline Record record(const ModelSchema& model, std::initializer_list<std::pair<std::string_view, Value>> values) {
  Record out(model);
  for (const auto& [field, value] : values) out[field] = value;
  return out;
}

}  // namespace holdfast::testing
