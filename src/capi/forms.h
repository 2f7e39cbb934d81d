// The JSON forms of the C interface, both ways. include/holdfast/c/holdfast.h shows them.
//
// Readers take the caller's text. Codes: invalid_argument where it is null and must not be, or does not fit the model;
// malformed where it is no JSON or not of the form.
#pragma once

#include <string>

#include "capi/credentials.h"
#include "holdfast/predicate.h"
#include "holdfast/record.h"
#include "holdfast/sync.h"

namespace holdfast::capi {

Result<Schema> read_schema(const char* text);
Result<const ModelSchema*> read_model(const Schema& schema, const char* name);
Result<Record> read_record(const ModelSchema& model, const char* text);
Result<Key> read_key(const ModelSchema& model, const char* text);
/// Key fields may be repeated with the values of `key`, and are not part of the patch.
Result<Patch> read_patch(const ModelSchema& model, const Key& key, const char* text);
/// On one record alone, for save, update and remove. Null is no condition.
Result<Predicate> read_condition(const ModelSchema& model, const char* text);
/// On rows, also through their relations. Null is every row.
Result<Predicate> read_where(const Schema& schema, const ModelSchema& model, const char* text);
Result<Query> read_query(const Schema& schema, const ModelSchema& model, const char* text);
/// Not checked against a model. Null is every row.
Result<Predicate> read_choice(const char* text);
/// `auth` gets what is said of authorization.
Result<SyncOptions> read_sync_options(const char* text, AuthForm& auth);

/// Every field by its name, null ones too.
Object form_of(const Record& record);
std::string text_of(const Record& record);
std::string text_of(const Metadata& metadata);
std::string text_of(const SyncEvent& event);
std::string text_of(const SyncError& error);
std::string text_of(const Conflict& conflict);
std::string text_of(const std::vector<DeadLetter>& letters);

}  // namespace holdfast::capi
