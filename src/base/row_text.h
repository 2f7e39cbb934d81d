// Text of rows: added to at its end only, and what is there stays where it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace holdfast::json {

/// Blocks of text. A row is never in two of them; the last one is open, and moves to a new block when it must. Not
/// thread-safe.
class RowText {
 public:
  RowText() = default;
  RowText(RowText&&) noexcept = default;
  RowText& operator=(RowText&&) noexcept = default;

  /// Closes the row before. Gives where the new one begins as long as nothing is written to it.
  const char* open() noexcept { return row_ = end_; }
  [[nodiscard]] const char* row() const noexcept { return row_; }
  [[nodiscard]] std::size_t row_size() const noexcept { return static_cast<std::size_t>(end_ - row_); }
  /// Where `bytes` may be written, behind the row; the row may move for it.
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - end_) < bytes) move_row(bytes);
    return end_;
  }
  /// What was written to the room up to `end` is the row's.
  void take(char* end) noexcept { end_ = end; }
  /// Takes what was written to the open row out again.
  void clear_row() noexcept { end_ = row_; }
  /// Adds the blocks of another, whose open row is the one of both.
  void append(RowText more) {
    if (more.blocks_.empty()) return;
    for (auto& block : more.blocks_) blocks_.push_back(std::move(block));
    block_size_ = more.block_size_;
    row_ = more.row_;
    end_ = more.end_;
    limit_ = more.limit_;
  }

 private:
  void move_row(std::size_t bytes) {
    // Small ones for one record, large ones for pages; the C library keeps those of this size for the next page.
    constexpr std::size_t least = 512;
    constexpr std::size_t most = std::size_t{64} << 10U;
    const auto size = row_size();
    block_size_ = std::max({least, std::min(2 * block_size_, most), size + bytes});
    auto block = std::make_unique_for_overwrite<char[]>(block_size_);  // NOLINT: as long as it must be
    if (size > 0) std::memcpy(block.get(), row_, size);
    row_ = block.get();
    end_ = row_ + size;
    limit_ = row_ + block_size_;
    blocks_.push_back(std::move(block));
  }

  std::vector<std::unique_ptr<char[]>> blocks_;  // NOLINT: as above
  std::size_t block_size_ = 0;                    ///< Of the last one.
  char* row_ = nullptr;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace holdfast::json
