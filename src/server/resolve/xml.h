// XML of a service as the JSON that AppSync makes of it.
#pragma once

#include <string_view>

#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::server {

/// Elements nest at most this deep.
inline constexpr std::size_t xml_depth_max = 100;

/// As `$utils.xml.toJsonString`, which follows org.json: the document is an object with its root element; attributes
/// and children are members, those of one name a list; text is trimmed, stands for an element without other members,
/// and else is its member `content`; an empty element is "". Text and attributes that read as a number, true, false or
/// null are that; sections of CDATA stay text. No entity is expanded but the five of XML, and nothing outside is read.
/// Code: malformed, with line and column: no XML, an entity is declared, or too deep.
Result<Value> read_xml(std::string_view text);

}  // namespace holdfast::server
