// What a scenario's steps do and look at, as functions of the stage and the step's arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/spec/scenario.h"

namespace holdfast::spec {

struct Verb {
  std::string_view name;
  std::vector<std::string_view> members;  ///< The arguments there may be; any other is an error.
  Result<void> (*run)(Stage& stage, const Object& arguments);
};

const std::vector<Verb>& actions();
const std::vector<Verb>& expectations();
const std::vector<Verb>& access_verbs();  ///< Of both kinds.

/// `expected` is what must be there: of an object a part of its members, of a list every element, "$set" any value
/// but null and zero.
bool matches(const Value& expected, const Value& seen);

// --- reading arguments; codes: malformed -----------------------------------------------------------------------

Result<std::string> text_of(const Object& arguments, std::string_view member);
/// `otherwise` when the member is absent.
Result<std::int64_t> integer_of(const Object& arguments, std::string_view member, std::int64_t otherwise);
Result<const ModelSchema*> model_of(const Schema& schema, const Object& arguments);
/// The device named by `device`, which must be given.
Result<StageDevice*> device_of(Stage& stage, const Object& arguments);
/// The device named by `device`, or all.
Result<std::vector<StageDevice*>> devices_of(Stage& stage, const Object& arguments);
/// The sync expressions, when the member `keep` is there.
Result<void> read_keep(const Object& arguments, SyncPlan& plan);
/// Of a "sync" member of a scenario, or of a `start` step: changes what is named in it.
Result<void> read_plan(const Object& arguments, SyncPlan& plan);
/// The members `auth` and `user` of a plan, when they are there.
Result<void> read_auth(const Object& arguments, SyncPlan& plan);
/// Every member is among `allowed`.
Result<void> check_members(const Object& object, const std::vector<std::string_view>& allowed);

}  // namespace holdfast::spec
