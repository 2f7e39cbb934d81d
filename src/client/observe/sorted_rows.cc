#include "client/observe/sorted_rows.h"

#include <algorithm>
#include <utility>

namespace holdfast {
namespace {

/// Rows of a full chunk. Copying one costs a microsecond; a million rows are some five thousand chunks.
constexpr std::size_t chunk_rows_max = 256;

}  // namespace

/// The chunks, none of them empty, and where each ends.
class Rows::Content {
 public:
  struct Chunk {
    std::vector<observe::RowPointer> rows;
    std::vector<const void*> elements;  ///< Of the rows, side by side for readers.

    void insert(std::size_t at, observe::RowPointer row) {
      elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(at), row->element.get());
      rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), std::move(row));
    }
    void erase(std::size_t at) {
      elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(at));
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
    }
    /// Cuts off the second half.
    Chunk split() {
      const auto half = static_cast<std::ptrdiff_t>(rows.size() / 2);
      Chunk second{{rows.begin() + half, rows.end()}, {elements.begin() + half, elements.end()}};
      rows.erase(rows.begin() + half, rows.end());
      elements.erase(elements.begin() + half, elements.end());
      return second;
    }
  };
  using ChunkPointer = std::shared_ptr<const Chunk>;

  std::vector<ChunkPointer> chunks;
  std::vector<std::size_t> ends;  ///< The number of rows up to and with each chunk.

  [[nodiscard]] std::size_t size() const noexcept { return ends.empty() ? 0 : ends.back(); }
  [[nodiscard]] std::size_t start_of(std::size_t chunk) const noexcept { return chunk == 0 ? 0 : ends[chunk - 1]; }
  void count_from(std::size_t chunk) {
    ends.resize(chunks.size());
    for (auto at = chunk; at < chunks.size(); ++at) ends[at] = start_of(at) + chunks[at]->rows.size();
  }
};

std::span<const void* const> Rows::run(std::size_t index) const noexcept {
  if (index >= count_) return {};
  const auto row = first_ + index;
  const auto& ends = content_->ends;
  const auto chunk = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), row) - ends.begin());
  const auto& elements = content_->chunks[chunk]->elements;
  const auto at = row - content_->start_of(chunk);
  return {elements.data() + at, std::min(elements.size() - at, count_ - index)};
}

namespace observe {

using Content = Rows::Content;

/// Where a position is, or belongs: the chunk and the index in it.
struct SortedRows::Spot {
  std::size_t chunk = 0;
  std::size_t at = 0;
};

SortedRows::Spot SortedRows::spot_of(const Position& position) const {
  const auto& chunks = content_->chunks;
  const auto ends_before = [this](const Content::ChunkPointer& chunk, const Position& sought) {
    return order_.is_before(chunk->rows.back()->position, sought);
  };
  auto chunk = std::lower_bound(chunks.begin(), chunks.end(), position, ends_before);
  if (chunk == chunks.end()) --chunk;  // Behind the last row: it belongs at the end of the last chunk.
  const auto& rows = (*chunk)->rows;
  const auto is_before = [this](const RowPointer& row, const Position& sought) {
    return order_.is_before(row->position, sought);
  };
  const auto row = std::lower_bound(rows.begin(), rows.end(), position, is_before);
  return {static_cast<std::size_t>(chunk - chunks.begin()), static_cast<std::size_t>(row - rows.begin())};
}

std::size_t SortedRows::size() const noexcept { return content_ ? content_->size() : 0; }

void SortedRows::assign(std::vector<RowPointer> rows) {
  content_.reset();
  if (rows.empty()) return;
  const auto is_before = [this](const RowPointer& left, const RowPointer& right) {
    return order_.is_before(left->position, right->position);
  };
  if (!std::is_sorted(rows.begin(), rows.end(), is_before)) std::sort(rows.begin(), rows.end(), is_before);
  auto content = std::make_shared<Content>();
  constexpr auto rows_each = chunk_rows_max / 2;  // Half full, so that the next insertions split none.
  for (std::size_t start = 0; start < rows.size(); start += rows_each) {
    Content::Chunk chunk;
    for (auto at = start; at < std::min(start + rows_each, rows.size()); ++at) {
      chunk.elements.push_back(rows[at]->element.get());
      chunk.rows.push_back(std::move(rows[at]));
    }
    content->chunks.push_back(std::make_shared<const Content::Chunk>(std::move(chunk)));
  }
  content->count_from(0);
  content_ = std::move(content);
}

RowPointer SortedRows::find(const Position& position) const {
  if (!content_) return nullptr;
  const auto spot = spot_of(position);
  const auto& rows = content_->chunks[spot.chunk]->rows;
  const bool is_there = spot.at < rows.size() && !order_.is_before(position, rows[spot.at]->position);
  return is_there ? rows[spot.at] : nullptr;
}

std::size_t SortedRows::insert(RowPointer row) {
  if (!content_) {
    assign({std::move(row)});
    return 0;
  }
  const auto spot = spot_of(row->position);
  const auto index = content_->start_of(spot.chunk) + spot.at;
  auto content = std::make_shared<Content>(*content_);
  auto chunk = *content->chunks[spot.chunk];
  chunk.insert(spot.at, std::move(row));
  if (chunk.rows.size() > chunk_rows_max) {
    auto second = std::make_shared<const Content::Chunk>(chunk.split());
    content->chunks.insert(content->chunks.begin() + static_cast<std::ptrdiff_t>(spot.chunk) + 1, std::move(second));
  }
  content->chunks[spot.chunk] = std::make_shared<const Content::Chunk>(std::move(chunk));
  content->count_from(spot.chunk);
  content_ = std::move(content);
  return index;
}

std::size_t SortedRows::erase(const Position& position) {
  const auto spot = spot_of(position);
  const auto index = content_->start_of(spot.chunk) + spot.at;
  if (content_->size() == 1) {
    content_.reset();
    return index;
  }
  auto content = std::make_shared<Content>(*content_);
  if (content->chunks[spot.chunk]->rows.size() == 1) {
    content->chunks.erase(content->chunks.begin() + static_cast<std::ptrdiff_t>(spot.chunk));
  } else {
    auto chunk = *content->chunks[spot.chunk];
    chunk.erase(spot.at);
    content->chunks[spot.chunk] = std::make_shared<const Content::Chunk>(std::move(chunk));
  }
  content->count_from(spot.chunk);
  content_ = std::move(content);
  return index;
}

std::size_t SortedRows::replace(RowPointer row) {
  const auto spot = spot_of(row->position);
  auto content = std::make_shared<Content>(*content_);
  auto chunk = *content->chunks[spot.chunk];
  chunk.elements[spot.at] = row->element.get();
  chunk.rows[spot.at] = std::move(row);
  content->chunks[spot.chunk] = std::make_shared<const Content::Chunk>(std::move(chunk));
  content_ = std::move(content);
  return content_->start_of(spot.chunk) + spot.at;
}

Rows SortedRows::rows(std::size_t first, std::size_t count) const {
  if (first >= size()) return {};
  return {content_, first, std::min(count, size() - first)};
}

void SortedRows::visit(const std::function<void(const Row&)>& each) const {
  if (!content_) return;
  for (const auto& chunk : content_->chunks) {
    for (const auto& row : chunk->rows) each(*row);
  }
}

}  // namespace observe
}  // namespace holdfast
