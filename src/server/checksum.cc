#include "server/checksum.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/json.h"
#include "protocol/checksum.h"
#include "server/http.h"

namespace holdfast::server {
namespace {

HttpResponse refused(int status, const std::string& message) {
  return error_answer(status, "BadRequestException", message);
}

/// Those of the question that the record has, and that are nobody's secret: guarded ones are null to some callers.
std::vector<std::string> counted_fields(const Backend& backend, const ModelSchema& model,
                                        const std::vector<std::string>& asked) {
  std::vector<std::string> fields;
  for (const auto& name : asked) {
    const auto* field = model.field(name);
    if (field && protocol::is_summed(*field) && !backend.decider.guards(model.name, name)) fields.push_back(name);
  }
  return fields;
}

/// What a token is good for: this caller, and this question.
std::string scope_of(const Caller& caller, protocol::ChecksumQuestion question) {
  question.next_token.reset();
  return caller.identity() + "\nchecksum\n" + protocol::write(question);
}

/// One question about one model, as its caller may read it.
struct Summing {
  const Backend& backend;
  const ModelSchema& model;
  const protocol::ChecksumQuestion& question;
  Predicate rows = {};                          ///< Of the caller's rules.
  std::vector<std::string> fields = {};
  std::set<std::string, std::less<>> except = {};  ///< Keys, as texts.
};

Result<std::string> sum(const Summing& summing, std::string position, protocol::Checksum& checksum) {
  constexpr std::uint32_t page_rows = 1000;
  for (std::uint64_t looked_at = 0; looked_at < checksum_rows_max; looked_at += page_rows) {
    HOLDFAST_TRY(page, summing.backend.store.list(summing.model, {.where = summing.question.where, .limit = page_rows,
                                                                  .after = std::move(position)}));
    for (const auto& image : page.images) {
      if (image.metadata.is_deleted || !evaluate(summing.rows, image.record)) continue;
      if (!summing.except.empty() && summing.except.contains(image.record.key().text())) continue;
      checksum.add(image.record, image.metadata.version, summing.fields);
    }
    position = std::move(page.next);
    if (position.empty()) break;
  }
  return position;
}

HttpResponse answer_question(const Backend& backend, const Caller& caller, const protocol::ChecksumQuestion& question) {
  const auto* model = backend.schema.model(question.model);
  if (!model || model->operations.sync.empty()) {
    return refused(422, "There is no model " + question.model + " to sync.");
  }
  if (const auto fits = check(question.where, *model); !fits) return refused(422, fits.error().message);
  auto decision = backend.decider.decide({caller, Operation::sync, model, "Query", model->operations.sync});
  if (!decision.is_allowed) return error_answer(403, "Unauthorized", "Not authorized to sync " + model->name + ".");
  Summing summing{backend, *model, question, std::move(decision.rows),
                  counted_fields(backend, *model, question.fields)};
  for (const auto& key : question.except) summing.except.insert(key.text());
  const auto scope = scope_of(caller, question);
  std::string position;
  if (question.next_token) {
    const auto content = backend.tokens.unseal(*question.next_token, scope);
    const auto* text = content ? content->at("n").as_string() : nullptr;
    if (!text) return refused(400, "Invalid pagination token given.");
    position = *text;
  }
  protocol::ChecksumPart part{.fields = summing.fields};
  const auto next = sum(summing, std::move(position), part.checksum);
  if (!next) return error_answer(500, "InternalFailure", "The service could not read its records; try again.");
  if (!next->empty()) part.next_token = backend.tokens.seal(Object{{"n", *next}}, scope);
  return json_answer(200, protocol::write(part));
}

}  // namespace

HttpResponse answer_checksum(const Server::Parts& parts, const HttpRequest& request) {
  const auto caller = parts.backend.caller_of(request.headers);
  if (!caller) return unauthorized_answer();
  const auto question = protocol::read_checksum_question(request.body);
  if (!question) return refused(400, question.error().message);
  return answer_question(parts.backend, *caller, *question);
}

}  // namespace holdfast::server
