// Images: records as the service holds them, one alone or the many of a page.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/json_rows.h"
#include "holdfast/record.h"

namespace holdfast::server {

/// One record as the service holds it; a tombstone keeps its fields.
struct Image {
  Record record;
  Metadata metadata;
  friend bool operator==(const Image&, const Image&) = default;
};

/// The columns that a stored image has, with room for `more`; they are as long as the model.
std::vector<std::string_view> field_names(const ModelSchema& model, std::size_t more = 0);
/// The record that a row is whose first columns are `field_names(model)`.
Record record_of(const ModelSchema& model, const json::Rows& rows, std::size_t at);

/// Images of one model, kept as JSON texts: a page that is read to be printed is never made of Values. Not thread-safe.
class Images {
 public:
  Images() = default;  ///< The first image says of which model they are.

  [[nodiscard]] std::size_t size() const noexcept { return metadata_.size(); }
  [[nodiscard]] bool empty() const noexcept { return metadata_.empty(); }
  [[nodiscard]] const Metadata& metadata(std::size_t at) const { return metadata_[at]; }
  [[nodiscard]] Record record(std::size_t at) const;
  [[nodiscard]] Image operator[](std::size_t at) const { return {record(at), metadata_[at]}; }
  [[nodiscard]] Image front() const { return (*this)[0]; }
  [[nodiscard]] Image back() const { return (*this)[size() - 1]; }

  /// `text` is a stored image's: see image_text.h. Code: malformed, and nothing is added.
  Result<void> append(const ModelSchema& model, std::string_view text, const Metadata& metadata);
  void push_back(const Image& image);
  void append(Images more);
  /// Takes back the image that was added last.
  void pop_back();
  /// Takes out those that are not to stay.
  void keep(const std::vector<bool>& stays);

  /// A column a field, in the model's order; then, as clients ask, `_version`, `_lastChangedAt`, `_deleted`
  /// (true or null).
  [[nodiscard]] json::Rows take_rows() && { return std::move(rows_); }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Image;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Image;
    Iterator(const Images& images, std::size_t at) : images_(&images), at_(at) {}
    Image operator*() const { return (*images_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return {*images_, at_++}; }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const Images* images_;
    std::size_t at_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  void be_of(const ModelSchema& model);
  void describe(const Metadata& metadata);

  const ModelSchema* model_ = nullptr;
  json::Rows rows_;
  std::vector<Metadata> metadata_;
};

}  // namespace holdfast::server
