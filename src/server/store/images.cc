#include "server/store/images.h"

#include <utility>

namespace holdfast::server {

std::vector<std::string_view> field_names(const ModelSchema& model, std::size_t more) {
  std::vector<std::string_view> names;
  names.reserve(model.fields.size() + more);
  for (const auto& field : model.fields) names.emplace_back(field.name);
  return names;
}

Record record_of(const ModelSchema& model, const json::Rows& rows, std::size_t at) {
  Record record(model);
  for (std::size_t field = 0; field < record.values.size(); ++field) record.values[field] = rows.value(at, field);
  return record;
}

Record Images::record(std::size_t at) const { return record_of(*model_, rows_, at); }

Result<void> Images::append(const ModelSchema& model, std::string_view text, const Metadata& metadata) {
  if (model_ == nullptr) be_of(model);
  if (auto added = rows_.append(text); !added) return added;
  describe(metadata);
  return {};
}

void Images::push_back(const Image& image) {
  if (model_ == nullptr) be_of(*image.record.model);
  rows_.append();
  for (std::size_t field = 0; field < image.record.values.size(); ++field) rows_.set(field, image.record.values[field]);
  describe(image.metadata);
}

void Images::append(Images more) {
  if (empty()) return static_cast<void>(*this = std::move(more));
  rows_.append(std::move(more.rows_));
  metadata_.insert(metadata_.end(), more.metadata_.begin(), more.metadata_.end());
}

void Images::pop_back() {
  rows_.pop_back();
  metadata_.pop_back();
}

void Images::keep(const std::vector<bool>& stays) {
  rows_.keep(stays);
  std::size_t at = 0;
  std::erase_if(metadata_, [&](const Metadata&) { return !stays[at++]; });
}

void Images::be_of(const ModelSchema& model) {
  model_ = &model;
  auto names = field_names(model, 3);
  for (const std::string_view name : {"_version", "_lastChangedAt", "_deleted"}) names.push_back(name);
  rows_ = json::Rows(std::move(names));
}

void Images::describe(const Metadata& metadata) {
  rows_.set(model_->fields.size(), {json::Scalar(metadata.version), json::Scalar(epoch_ms(metadata.last_changed_at)),
                                    metadata.is_deleted ? json::Scalar(true) : json::Scalar()});
  metadata_.push_back(metadata);
}

}  // namespace holdfast::server
