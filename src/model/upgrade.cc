#include "holdfast/upgrade.h"

namespace holdfast {
namespace {

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string change_text(const SchemaLoss& loss) {
  const auto place = loss.member.empty() ? "the model " + loss.model : loss.model + "." + loss.member;
  if (loss.is.empty()) return place + " is removed";
  if (loss.was.empty()) return place + ": " + loss.is + " is added";
  const auto of = loss.member.empty() ? place + " has another primary key: " : place + ": ";
  return loss.was == loss.is ? of + loss.is + " itself has changed" : of + loss.was + " becomes " + loss.is;
}

}  // namespace

std::string SchemaLoss::text() const {
  auto what = change_text(*this) + ", which ";
  if (rows > 0) what += counted(rows, "row");
  if (rows > 0 && unsent > 0) what += " and ";
  if (unsent > 0) what += counted(unsent, "unsent change");
  return what + (rows + unsent == 1 ? " does" : " do") + " not survive";
}

}  // namespace holdfast
