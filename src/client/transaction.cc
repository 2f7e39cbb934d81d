#include "holdfast/transaction.h"

#include "client/open_transaction.h"

namespace holdfast {

Result<Record> Transaction::save_record(Record record, const Patch* changes, const Predicate& condition) {
  return open_.save(std::move(record), changes, condition);
}
Result<std::optional<Record>> Transaction::find_record(const ModelSchema& model, const Key& key) const {
  return open_.find(model, key);
}
Result<void> Transaction::query_records(const ModelSchema& model, const Query& query,
                                        const std::function<void(Record&)>& sink) const {
  return open_.query(model, query, sink);
}
RowReader Transaction::row_reader() const {
  return [&open = open_](const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) {
    return open.query(model, query, sink);
  };
}
Result<std::size_t> Transaction::count_records(const ModelSchema& model, const Predicate& where) const {
  return open_.count(model, where);
}
Result<bool> Transaction::remove_record(const Record& record, const Predicate& condition) {
  return open_.remove(record, condition);
}
Result<std::size_t> Transaction::remove_records(const ModelSchema& model, const Predicate& where) {
  return open_.remove_where(model, where);
}

}  // namespace holdfast
