#include "holdfast/datastore.h"

#include "client/device.h"

namespace holdfast {

DataStore::DataStore(std::unique_ptr<Device> device) noexcept : device_(std::move(device)) {}
DataStore::DataStore(DataStore&&) noexcept = default;
DataStore& DataStore::operator=(DataStore&&) noexcept = default;
DataStore::~DataStore() = default;

Subscription DataStore::on_event(std::function<void(const SyncEvent&)> callback) {
  return device_->on_event(std::move(callback));
}
Result<void> DataStore::start(SyncOptions options) { return device_->start(std::move(options)); }
Result<void> DataStore::verify() { return device_->verify(); }
Result<void> DataStore::reselect() { return device_->reselect(); }
void DataStore::stop() { device_->stop(); }
Result<void> DataStore::sign_out(SignOut data) { return device_->sign_out(data); }
Result<void> DataStore::clear() { return device_->clear(); }
void DataStore::set_online(bool is_online) { device_->set_online(is_online); }
std::size_t DataStore::poll() { return device_->poll(); }
Result<std::size_t> DataStore::pending_count() const { return device_->pending_count(); }
Result<std::vector<DeadLetter>> DataStore::dead_letters(std::int64_t after, std::size_t limit) const {
  return device_->dead_letters(after, limit);
}
Result<void> DataStore::retry_dead_letter(std::int64_t id) { return device_->retry_dead_letter(id); }
Result<void> DataStore::drop_dead_letter(std::int64_t id) { return device_->drop_dead_letter(id); }
Result<SyncState> DataStore::sync_state_of(const ModelSchema& model, const Key& key) const {
  return device_->sync_state(model, key);
}
Subscription DataStore::receipt_of(const ModelSchema& model, const Key& key,
                                   std::function<void(const Receipt&)> callback) {
  return device_->on_receipt(model, key, std::move(callback));
}

Result<Record> DataStore::save_record(Record record, const Patch* changes, const Predicate& condition) {
  return device_->save(std::move(record), changes, condition);
}
Result<std::optional<Record>> DataStore::find_record(const ModelSchema& model, const Key& key) const {
  return device_->find(model, key);
}
Result<void> DataStore::query_records(const ModelSchema& model, const Query& query,
                                      const std::function<void(Record&)>& sink) const {
  return device_->query(model, query, sink);
}
RowReader DataStore::row_reader() const { return device_->row_reader(); }
Result<std::size_t> DataStore::count_records(const ModelSchema& model, const Predicate& where) const {
  return device_->count(model, where);
}
Result<std::vector<std::string>> DataStore::explain_records(const ModelSchema& model, const Query& query) const {
  return device_->explain(model, query);
}
Result<Metadata> DataStore::metadata_of(const ModelSchema& model, const Key& key) const {
  return device_->metadata(model, key);
}

Result<bool> DataStore::remove_record(const Record& record, const Predicate& condition) {
  return device_->remove(record, condition);
}
Result<std::size_t> DataStore::remove_records(const ModelSchema& model, const Predicate& where) {
  return device_->remove_where(model, where);
}
Subscription DataStore::observe_records(const ModelSchema& model, Predicate where,
                                        std::function<void(const RecordChange&)> callback) {
  return device_->observe(model, std::move(where), std::move(callback));
}
Result<Subscription> DataStore::observe_query_rows(const ModelSchema& model, const Query& query, RowForm form,
                                                   std::function<void(const Rows&, bool is_synced)> callback) {
  return device_->observe_query(model, query, form, std::move(callback));
}

Result<void> DataStore::run_transaction(const std::function<Result<void>(Transaction&)>& body) {
  return device_->transaction(body);
}

}  // namespace holdfast
