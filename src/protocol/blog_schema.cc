#include "protocol/blog_schema.h"

#include <utility>

namespace holdfast::protocol {
namespace {

FieldSchema scalar(std::string name, Scalar type, bool is_required = false) {
  return {.name = std::move(name), .scalar = type, .is_required = is_required};
}

FieldSchema list(FieldSchema field) {
  field.is_list = true;
  return field;
}

FieldSchema enumeration(std::string name, std::string type) {
  return {.name = std::move(name), .kind = FieldKind::enumeration, .type_name = std::move(type)};
}

FieldSchema embedded(std::string name, std::string type) {
  return {.name = std::move(name), .kind = FieldKind::embedded, .type_name = std::move(type)};
}

FieldSchema timestamp(std::string name) {
  return {.name = std::move(name), .scalar = Scalar::aws_date_time, .is_read_only = true, .is_implied = true};
}

RelationSchema belongs_to(std::string name, std::string target, std::vector<std::string> keys,
                          std::vector<std::string> target_keys = {"id"}) {
  return {.name = std::move(name),
          .kind = RelationKind::belongs_to,
          .target = std::move(target),
          .keys = std::move(keys),
          .target_keys = std::move(target_keys)};
}

/// Fields in the order of the API's type: the declared ones, the timestamps, then implied foreign keys.
ModelSchema model(std::string name, std::vector<FieldSchema> fields, std::vector<RelationSchema> relations = {},
                  std::vector<FieldSchema> implied = {}) {
  ModelSchema made;
  made.plural_name = name + "s";
  made.name = std::move(name);
  made.fields = std::move(fields);
  made.fields.push_back(timestamp("createdAt"));
  made.fields.push_back(timestamp("updatedAt"));
  made.fields.insert(made.fields.end(), implied.begin(), implied.end());
  made.relations = std::move(relations);
  made.primary_key = {made.fields.front().name};
  return made;
}

ModelSchema post() {
  return model("Post",
               {scalar("id", Scalar::id, true),
                scalar("title", Scalar::string, true),
                enumeration("status", "PostStatus"),
                scalar("rating", Scalar::integer),
                scalar("score", Scalar::floating),
                scalar("content", Scalar::string),
                scalar("featured", Scalar::boolean),
                list(scalar("tags", Scalar::string, true)),
                list(scalar("altTitles", Scalar::string)),
                list(enumeration("statusHistory", "PostStatus")),
                scalar("publishDate", Scalar::aws_date),
                scalar("publishTime", Scalar::aws_time),
                scalar("publishedAt", Scalar::aws_date_time),
                scalar("epoch", Scalar::aws_timestamp),
                scalar("contactEmail", Scalar::aws_email),
                scalar("link", Scalar::aws_url),
                scalar("phone", Scalar::aws_phone),
                scalar("ip", Scalar::aws_ip_address),
                scalar("metadata", Scalar::aws_json),
                embedded("author", "AuthorInfo"),
                list(embedded("reactions", "Reaction")),
                scalar("blogID", Scalar::id)},
               {belongs_to("blog", "Blog", {"blogID"}),
                {.name = "comments",
                 .kind = RelationKind::has_many,
                 .target = "Comment",
                 .keys = {"id"},
                 .target_keys = {"postID"}}});
}

Schema make_blog_schema() {
  Schema schema;
  schema.models = {
      model("Blog", {scalar("id", Scalar::id, true), scalar("name", Scalar::string, true)},
            {{.name = "posts",
              .kind = RelationKind::has_many,
              .target = "Post",
              .keys = {"id"},
              .target_keys = {"blogID"}}}),
      post(),
      model(
          "Comment",
          {scalar("id", Scalar::id, true), scalar("content", Scalar::string, true), scalar("postID", Scalar::id, true)},
          {belongs_to("post", "Post", {"postID"})}),
      model("Editor",
            {scalar("id", Scalar::id, true), scalar("name", Scalar::string, true), scalar("email", Scalar::aws_email)},
            {{.name = "profile",
              .kind = RelationKind::has_one,
              .target = "EditorProfile",
              .keys = {"editorProfileId"},
              .target_keys = {"id"}}},
            {scalar("editorProfileId", Scalar::id)}),
      model("EditorProfile", {scalar("id", Scalar::id, true), scalar("bio", Scalar::string)}),
      model("Product",
            {scalar("sku", Scalar::id, true), scalar("warehouse", Scalar::string, true),
             scalar("name", Scalar::string, true), scalar("qty", Scalar::integer)},
            {{.name = "parts",
              .kind = RelationKind::has_many,
              .target = "Part",
              .keys = {"sku", "warehouse"},
              .target_keys = {"productPartsSku", "productPartsWarehouse"}}}),
      model("Part", {scalar("partNo", Scalar::string, true), scalar("label", Scalar::string)},
            {belongs_to("product", "Product", {"productPartsSku", "productPartsWarehouse"}, {"sku", "warehouse"})},
            {scalar("productPartsSku", Scalar::id), scalar("productPartsWarehouse", Scalar::string)}),
      model("Item", {scalar("id", Scalar::id, true), scalar("n", Scalar::integer, true),
                     scalar("bucket", Scalar::string, true)}),
      model("PostEditor",
            {scalar("id", Scalar::id, true), scalar("postId", Scalar::id, true), scalar("editorId", Scalar::id, true)},
            {belongs_to("post", "Post", {"postId"}), belongs_to("editor", "Editor", {"editorId"})}),
  };
  schema.models[5].primary_key = {"sku", "warehouse"};
  schema.enums = {{.name = "PostStatus", .values = {"DRAFT", "PUBLISHED", "ARCHIVED"}}};
  schema.embedded = {
      {.name = "GeoPoint", .fields = {scalar("lat", Scalar::floating, true), scalar("lon", Scalar::floating, true)}},
      {.name = "AuthorInfo",
       .fields = {scalar("name", Scalar::string, true), list(scalar("aliases", Scalar::string)),
                  embedded("home", "GeoPoint")}},
      {.name = "Reaction", .fields = {scalar("kind", Scalar::string, true), scalar("count", Scalar::integer)}},
  };
  return schema;
}

}  // namespace

const Schema& blog_schema() {
  static const Schema schema = make_blog_schema();
  return schema;
}

}  // namespace holdfast::protocol
