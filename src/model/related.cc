#include "holdfast/related.h"

#include "model/route_ends.h"

namespace holdfast {
namespace {

Result<std::optional<LinkValues>> link_of(const Route& route, const Record& from) {
  HOLDFAST_TRY(ends, ends_of(route));
  HOLDFAST_ASSERT(from.model == route.from, "a route begins at a record of its first model");
  return values_of(from, ends.near->keys);
}

}  // namespace

Related::Related(RowReader reader, const Route& route, const Record& from)
    : reader_(std::move(reader)), route_(route), link_(link_of(route, from)) {}

Result<void> Related::read(Query query, const std::function<void(Record&)>& sink) const {
  if (!link_) return link_.error();
  if (!*link_) return {};
  HOLDFAST_TRY(ends, ends_of(route_));
  query.where = related_to(ends, {&**link_, 1}, query.where);
  return reader_(*route_.target, query, sink);
}

Result<std::optional<Record>> Related::read_one() const {
  std::vector<Record> found;
  HOLDFAST_TRY(done, read({.limit = 2}, [&found](Record& row) { found.push_back(taken(row)); }));
  if (found.size() > 1) return several_of_one(route_);
  if (found.empty()) return std::optional<Record>();
  return std::optional<Record>(std::move(found.front()));
}

}  // namespace holdfast
