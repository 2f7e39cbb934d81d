// Reading along relations: handles that load when asked, and prefetch, which reads for many records at once.
// The templates are thin doors to Related and Links, which bindings may use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/relation.h"
#include "holdfast/result.h"

namespace holdfast {

/// Reads as DataStore::query_records does, from a store or inside a transaction. Codes: those, and closed once the
/// store is destroyed. One of a store is safe to call from any thread.
using RowReader =
    std::function<Result<void>(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink)>;

/// The values of a record's side of a relation: the other side has the same in its fields.
using LinkValues = std::vector<Value>;

/// The records related to one record, untyped. Reads at each call and remembers nothing. A record without the key of
/// the relation, which is null or an ID that is still empty, is related to none, and nothing is read for it.
/// Not thread-safe.
class Related {
 public:
  /// `from` is a record of the route's first model. A route that does not fit its models is told by read().
  Related(RowReader reader, const Route& route, const Record& from);

  /// Those that satisfy the query, in its order. Codes: invalid_argument (the route, the query), the reader's.
  Result<void> read(Query query, const std::function<void(Record&)>& sink) const;
  /// For a relation to one. Codes: schema_error when there are several, which a has_one can not prevent; as read().
  [[nodiscard]] Result<std::optional<Record>> read_one() const;

 private:
  RowReader reader_;
  Route route_;
  Result<std::optional<LinkValues>> link_;  ///< Null: related to none.
};

/// What relates many records to their records: gathered first, then read with a query for some hundred keys.
/// Not thread-safe.
class Links {
 public:
  /// The rows of a key in RelatedRows::rows.
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  explicit Links(const Route& route) : route_(route) {}

  /// `from` is a record of the route's first model.
  void add(const Record& from);
  /// Where the rows related to `from` are, after read(); empty when it was not added.
  [[nodiscard]] Range range_of(const Record& from) const;

  /// Reads the related rows of every record added: as they are ordered by the query, record by record. The query may
  /// narrow and sort, and has no limit. Each chunk of keys is read in one query (two for a many-to-many); concurrent
  /// commits may fall between chunks. Codes: invalid_argument, schema_error (several rows for a relation to one), the
  /// reader's.
  Result<std::vector<Record>> read(const RowReader& reader, const Query& query);

 private:
  struct Less {
    bool operator()(const LinkValues& left, const LinkValues& right) const;
  };

  Route route_;
  std::map<LinkValues, Range, Less> ranges_;
};

/// The record at the other end of a relation to one. Reads nothing before the first call, keeps what it found and
/// never asks again: a stable view beside an immutable instance. A read that failed is tried again.
/// Not thread-safe. May outlive its store (then: closed); one of a transaction is valid inside its body only.
template <class T>
class ToOne {
 public:
  explicit ToOne(Related related) : related_(std::move(related)) {}

  /// The record; null when the instance refers to none, or to one that is not in the store.
  /// Codes: schema_error (a has_one with several records: remove all but one), invalid_argument, storage_failed,
  /// corrupt, closed.
  Result<std::optional<T>> get() {
    if (!loaded_) {
      HOLDFAST_TRY(found, related_.read_one());
      loaded_.emplace();
      if (found) *loaded_ = T::from_record(std::move(*found));
    }
    return *loaded_;
  }
  /// The record. Codes: not_found when there is none; as get().
  Result<T> require() {
    HOLDFAST_TRY(found, get());
    if (!found) return Error{Code::not_found, "the " + T::model().name + " that a relation leads to is not in the store"};
    return std::move(*found);
  }
  [[nodiscard]] bool is_loaded() const noexcept { return loaded_.has_value(); }

 private:
  Related related_;
  std::optional<std::optional<T>> loaded_;
};

/// What a relation to many reads: narrowed, in this order, insertion order where it leaves ties.
template <class T>
struct RelatedOptions {
  Where<T> where = {};
  std::vector<Sort<T>> sort = {};
  std::uint64_t page_size = 100;  ///< Of page() and next(); at least 1.
};

/// The records at the other end of a relation to many. Each call reads what is there then: pages read between
/// writes may repeat or leave out a row, as pages of a query do. An instance that was never saved has none.
/// Not thread-safe. May outlive its store (then: closed); one of a transaction is valid inside its body only.
template <class T>
class ToMany {
 public:
  ToMany(Related related, RelatedOptions<T> options) : related_(std::move(related)), options_(std::move(options)) {}

  /// Every record. Codes: invalid_argument, storage_failed, corrupt, closed.
  [[nodiscard]] Result<std::vector<T>> all() const { return read(0, 0); }
  /// Page `number`, counting from 0; empty beyond the end. Codes: as all(); invalid_argument for a page size of 0.
  [[nodiscard]] Result<std::vector<T>> page(std::uint64_t number) const {
    if (options_.page_size == 0) return Error{Code::invalid_argument, "a page of no records: set page_size to 1 or more"};
    return read(options_.page_size, number);
  }
  /// The page after the one it gave last, the first one to begin with; empty at the end. Codes: as page(); after an
  /// error the same page comes next.
  Result<std::vector<T>> next() {
    if (!has_next_) return std::vector<T>();
    HOLDFAST_TRY(rows, page(next_));
    ++next_;
    has_next_ = rows.size() == options_.page_size;
    return std::move(rows);
  }
  /// False once next() gave a page that was not full.
  [[nodiscard]] bool has_next() const noexcept { return has_next_; }

 private:
  Result<std::vector<T>> read(std::uint64_t limit, std::uint64_t page) const {
    std::vector<T> rows;
    const QueryOptions<T> options{.sort = options_.sort, .limit = limit, .page = page};
    HOLDFAST_TRY(done, related_.read(erased(options_.where, options),
                                     [&rows](Record& row) { rows.push_back(T::from_record(std::move(row))); }));
    return rows;
  }

  Related related_;
  RelatedOptions<T> options_;
  std::uint64_t next_ = 0;
  bool has_next_ = true;
};

/// What prefetch() of a relation to many reads.
template <class T>
struct PrefetchOptions {
  Where<T> where = {};
  std::vector<Sort<T>> sort = {};
};

/// The records at the other end of relation R of many instances, all in memory. Owns them; immutable. Safe to read
/// from any thread.
template <RelationField R>
class Prefetched {
 public:
  using Instance = typename R::Model;
  using Other = typename R::Other;

  Prefetched(Links links, std::vector<Record>&& records) : links_(std::move(links)) {
    rows_.reserve(records.size());
    for (auto& record : records) rows_.push_back(Other::from_record(std::move(record)));
  }

  /// Of a relation to one: the record, or null. Of a relation to many: a span of the records, in the order asked
  /// for. Valid as long as this object. Nothing for an instance that was not prefetched for.
  [[nodiscard]] auto of(const Instance& instance) const {
    const auto range = links_.range_of(instance.to_record());
    const auto found = rows().subspan(range.begin, range.end - range.begin);
    if constexpr (R::is_to_many) {
      return found;
    } else {
      return found.empty() ? nullptr : found.data();
    }
  }
  /// All of them, those of one instance side by side: a range to prefetch the next relation for. A record of a
  /// many-to-many stands in it once for each instance that has it.
  [[nodiscard]] std::span<const Other> rows() const noexcept { return rows_; }

 private:
  Links links_;
  std::vector<Other> rows_;
};

/// What DataStore::prefetch() and Transaction::prefetch() do.
template <std::ranges::input_range Instances, RelationField R>
Result<Prefetched<R>> prefetch(const RowReader& reader, const Instances& instances, const R& relation,
                               const Query& query) {
  Links links(relation.route());
  for (const auto& instance : instances) links.add(instance.to_record());
  HOLDFAST_TRY(records, links.read(reader, query));
  return Prefetched<R>(std::move(links), std::move(records));
}

}  // namespace holdfast
