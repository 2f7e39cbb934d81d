#include <utility>

#include "holdfast/auth.h"
#include "protocol/sigv4.h"

namespace holdfast {

Auth iam(std::string region, IamSource source) {
  return IamAuth{std::move(region), std::move(source), &protocol::sigv4};
}

}  // namespace holdfast
