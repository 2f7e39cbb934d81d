// Transaction: the handle through which the body of DataStore::transaction() reads and writes.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "holdfast/related.h"
#include "holdfast/result.h"

namespace holdfast {

class OpenTransaction;

/// The store inside one transaction: DataStore's verbs, over any of its models, which see what was written before
/// them and take effect together when the body ends well. Errors and their codes are those of DataStore's verbs.
/// A verb that fails with invalid_argument, condition_failed or not_found has written nothing, and the body may go
/// on; after any other error the transaction can only fail, whatever the body returns.
/// Valid inside the body and on its thread only. Not thread-safe.
class Transaction {
 public:
  explicit Transaction(OpenTransaction& open) noexcept : open_(open) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  template <Model M>
  Result<M> save(const M& instance, const Where<M>& condition = {}) {  ///< As DataStore::save().
    return save_record(instance.to_record(), nullptr, condition.tree).transform(&M::from_record);
  }
  template <Model M>
  Result<M> save(const Edit<M>& edit, const Where<M>& condition = {}) {  ///< As DataStore::save().
    return save_record(edit.value.to_record(), &edit.changes, condition.tree).transform(&M::from_record);
  }
  /// Saves each instance of a range, in order; returns them as stored. Ends at the first that fails: those before
  /// it are written, unless the body returns the error.
  template <std::ranges::input_range Instances>
    requires Model<std::ranges::range_value_t<Instances>>
  Result<std::vector<std::ranges::range_value_t<Instances>>> save_all(const Instances& instances) {
    std::vector<std::ranges::range_value_t<Instances>> saved;
    if constexpr (std::ranges::sized_range<const Instances&>) saved.reserve(std::ranges::size(instances));
    for (const auto& instance : instances) {
      HOLDFAST_TRY(stored, save(instance));
      saved.push_back(std::move(stored));
    }
    return saved;
  }

  template <Model M, class... Parts>
    requires(sizeof...(Parts) > 0)
  Result<std::optional<M>> get(const Parts&... parts) const {  ///< As DataStore::get().
    return find_record(M::model(), Key{{to_value(parts)...}}).transform([](std::optional<Record>&& found) {
      return found ? std::optional<M>(M::from_record(std::move(*found))) : std::nullopt;
    });
  }
  /// As DataStore::query() and count().
  template <Model M>
  Result<std::vector<M>> query(const Where<M>& where = {}, const QueryOptions<M>& options = {}) const {
    std::vector<M> rows;
    auto read = query_records(M::model(), erased(where, options),
                              [&rows](Record& row) { rows.push_back(M::from_record(std::move(row))); });
    return read ? Result<std::vector<M>>(std::move(rows)) : Result<std::vector<M>>(std::move(read).error());
  }
  template <Model M>
  Result<std::size_t> count(const Where<M>& where = {}) const { return count_records(M::model(), where.tree); }

  /// As DataStore's; what is read includes what was written before. The handles are valid as long as this one.
  template <ToOneField R>
  [[nodiscard]] ToOne<typename R::Other> related(const typename R::Model& instance, const R& relation) const {
    return ToOne<typename R::Other>(Related(row_reader(), relation.route(), instance.to_record()));
  }
  template <ToManyField R>
  [[nodiscard]] ToMany<typename R::Other> related(const typename R::Model& instance, const R& relation,
                                                  RelatedOptions<typename R::Other> options = {}) const {
    return {Related(row_reader(), relation.route(), instance.to_record()), std::move(options)};
  }
  template <std::ranges::input_range Instances, RelationField R>
    requires std::same_as<std::ranges::range_value_t<Instances>, typename R::Model>
  Result<Prefetched<R>> prefetch(const Instances& instances, const R& relation) const {
    return holdfast::prefetch(row_reader(), instances, relation, {});
  }
  template <std::ranges::input_range Instances, ToManyField R>
    requires std::same_as<std::ranges::range_value_t<Instances>, typename R::Model>
  Result<Prefetched<R>> prefetch(const Instances& instances, const R& relation,
                                 const PrefetchOptions<typename R::Other>& options) const {
    return holdfast::prefetch(row_reader(), instances, relation, erased(options.where, {.sort = options.sort}));
  }

  template <Model M>
  Result<bool> remove(const M& instance, const Where<M>& condition = {}) {  ///< As DataStore::remove().
    return remove_record(instance.to_record(), condition.tree);
  }
  template <Model M>
  Result<std::size_t> remove(const Where<M>& where) { return remove_records(M::model(), where.tree); }  ///< As there.
  template <Model M>
  Result<std::size_t> remove_all() { return remove_records(M::model(), Predicate{}); }  ///< As there.

  // The untyped doors that the templates above go through; bindings may use them.
  Result<Record> save_record(Record record, const Patch* changes, const Predicate& condition);
  Result<std::optional<Record>> find_record(const ModelSchema& model, const Key& key) const;
  /// Calls `sink` for each row; it may move values out of the record, which is reused. It may read, but not write.
  Result<void> query_records(const ModelSchema& model, const Query& query,
                             const std::function<void(Record&)>& sink) const;
  /// For Related and Links. Valid as long as this handle.
  [[nodiscard]] RowReader row_reader() const;
  Result<std::size_t> count_records(const ModelSchema& model, const Predicate& where) const;
  Result<bool> remove_record(const Record& record, const Predicate& condition);
  Result<std::size_t> remove_records(const ModelSchema& model, const Predicate& where);

 private:
  OpenTransaction& open_;
};

template <class T>
struct is_result : std::false_type {};  ///< For TransactionBody.
template <class T>
struct is_result<Result<T>> : std::true_type {};

/// What DataStore::transaction() runs: a callable on a Transaction& that returns a Result, or nothing.
template <class Body>
concept TransactionBody = std::invocable<Body&, Transaction&> &&
                          (std::is_void_v<std::invoke_result_t<Body&, Transaction&>> ||
                           is_result<std::invoke_result_t<Body&, Transaction&>>::value);

}  // namespace holdfast
