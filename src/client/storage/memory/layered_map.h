// LayeredMap: an ordered map with one open set of edits on top.
#pragma once

#include <map>
#include <optional>
#include <utility>

namespace holdfast::client {

/// visible = committed + edits. `Entry` is what stands under a name; an edit without one is a removal.
/// The committed layer changes in commit() and clear() only, so others may read it, under the owner's lock, while
/// the one writer edits. Not thread-safe beyond that.
template <class Name, class Entry>
class LayeredMap {
 public:
  /// What the writer sees; null when there is nothing. Valid until the next edit of the same name.
  [[nodiscard]] const Entry* find(const Name& name) const {
    const auto edit = edits_.find(name);
    return edit == edits_.end() ? find_committed(name) : edit->second ? &*edit->second : nullptr;
  }
  [[nodiscard]] const Entry* find_committed(const Name& name) const {
    const auto found = committed_.find(name);
    return found == committed_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::map<Name, Entry>& committed() const noexcept { return committed_; }

  /// Calls visit(name, entry) in order of the names after `start`, as the writer sees them, until it returns false.
  template <class Visit>
  void visit_after(const Name& start, const Visit& visit) const {
    auto below = committed_.upper_bound(start);
    auto above = edits_.upper_bound(start);
    while (below != committed_.end() || above != edits_.end()) {
      if (above == edits_.end() || (below != committed_.end() && below->first < above->first)) {
        if (!visit(below->first, below->second)) return;
        ++below;
        continue;
      }
      if (below != committed_.end() && below->first == above->first) ++below;
      if (above->second && !visit(above->first, *above->second)) return;
      ++above;
    }
  }

  void set(const Name& name, Entry entry) { edits_.insert_or_assign(name, std::move(entry)); }
  void erase(const Name& name) { edits_.insert_or_assign(name, std::nullopt); }

  void commit() {
    for (auto& [name, entry] : edits_) {
      if (entry) {
        committed_.insert_or_assign(name, std::move(*entry));
      } else {
        committed_.erase(name);
      }
    }
    edits_.clear();
  }
  void roll_back() noexcept { edits_.clear(); }
  void clear() noexcept {
    edits_.clear();
    committed_.clear();
  }

 private:
  std::map<Name, Entry> committed_;
  std::map<Name, std::optional<Entry>> edits_;
};

}  // namespace holdfast::client
