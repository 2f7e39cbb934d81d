#include "client/device.h"

#include <string>
#include <utility>
#include <vector>

#include "client/device_inside.h"
#include "client/observe/span.h"

namespace holdfast {

Device::Device(const Schema& schema, DevicePorts ports, StoreOptions options)
    : schema_(schema),
      clock_(std::move(ports.clock)),
      random_(std::move(ports.random)),
      transport_(std::move(ports.transport)),
      log_(std::move(ports.log)),
      inside_(std::make_shared<Inside>(schema, std::move(ports.storage),
                                       Surroundings{*clock_, *random_, transport_.get(), *log_}, std::move(options))) {
  inside_->watch_neighbours();
}

Device::~Device() { inside_->close(); }

Result<Record> Device::save(Record record, const Patch* changes, const Predicate& condition) {
  std::optional<Record> saved;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(row, open.save(std::move(record), changes, condition));
    saved = std::move(row);
    return {};
  }));
  return std::move(*saved);
}

Result<std::optional<Record>> Device::find(const ModelSchema& model, const Key& key) const {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  HOLDFAST_TRY(stored, inside_->storage().find(model, key));
  return std::move(stored.record);
}

Result<void> Device::query(const ModelSchema& model, const Query& query,
                           const std::function<void(Record&)>& sink) const {
  return inside_->query(model, query, sink);
}

RowReader Device::row_reader() const {
  return [weak = std::weak_ptr(inside_)](const ModelSchema& model, const Query& query,
                                         const std::function<void(Record&)>& sink) -> Result<void> {
    const auto inside = weak.lock();
    if (!inside) return Error{Code::closed, "the store was destroyed: read what a relation leads to before that"};
    return inside->query(model, query, sink);
  };
}

Result<std::size_t> Device::count(const ModelSchema& model, const Predicate& where) const {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(where, model, schema_));
  return inside_->storage().count(model, where);
}

Result<std::vector<std::string>> Device::explain(const ModelSchema& model, const Query& query) const {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  return inside_->storage().explain(model, query);
}

Result<bool> Device::remove(const Record& record, const Predicate& condition) {
  bool was_there = false;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(removed, open.remove(record, condition));
    was_there = removed;
    return {};
  }));
  return was_there;
}

Result<std::size_t> Device::remove_where(const ModelSchema& model, const Predicate& where) {
  std::size_t count = 0;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(removed, open.remove_where(model, where));
    count = removed;
    return {};
  }));
  return count;
}

Result<void> Device::transaction(const std::function<Result<void>(Transaction&)>& body) {
  return inside_->write([&body](OpenTransaction& open) {
    Transaction handle(open);
    return body(handle);
  });
}

Subscription Device::observe(const ModelSchema& model, Predicate where,
                             std::function<void(const RecordChange&)> callback) {
  HOLDFAST_ASSERT(check_model(schema_, model).has_value(), "observe a model of the store's own schema");
  HOLDFAST_ASSERT(check(where, model, schema_).has_value(), "the condition of an observer must fit its model");
  return inside_->observers().add(model, std::move(where), std::move(callback));
}

Result<Subscription> Device::observe_query(const ModelSchema& model, const Query& query, RowForm form,
                                           std::function<void(const Rows&, bool)> callback) {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  auto span = observe::span_of(query, model, schema_);
  return inside_->observe_query(model, {.query = query, .form = form, .span = std::move(span)}, std::move(callback));
}

Subscription Device::on_event(std::function<void(const SyncEvent&)> callback) {
  return inside_->observers().add_listener(std::move(callback));
}

Result<void> Device::start(SyncOptions options) { return inside_->start(std::move(options)); }
Result<void> Device::verify() { return inside_->verify(); }
Result<void> Device::reselect() { return inside_->reselect(); }
void Device::stop() { inside_->stop(); }
Result<void> Device::sign_out(SignOut data) {
  if (data == SignOut::clears) return inside_->clear();
  inside_->stop();  // The credentials go with the engine.
  return {};
}
Result<void> Device::clear() { return inside_->clear(); }
void Device::set_online(bool is_online) { inside_->set_online(is_online); }
std::size_t Device::poll() { return inside_->poll(); }
Result<std::size_t> Device::pending_count() const { return inside_->storage().outbox_size(); }

Result<Metadata> Device::metadata(const ModelSchema& model, const Key& key) const {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  HOLDFAST_TRY(stored, inside_->storage().find(model, key));
  return stored.metadata;
}

}  // namespace holdfast
