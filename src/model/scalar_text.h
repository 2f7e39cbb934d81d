// The texts that the scalars of AppSync take.
#pragma once

#include <string_view>

#include "holdfast/schema.h"

namespace holdfast {

/// Whether `text` has the form of the scalar. AWSJSON is any JSON text; AWSTimestamp is not text.
bool fits_scalar(Scalar scalar, std::string_view text);

/// The form in words, to stand behind the scalar's name in a message; empty for scalars whose text is free.
std::string_view scalar_form(Scalar scalar) noexcept;

}  // namespace holdfast
