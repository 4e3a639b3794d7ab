// SPDX-License-Identifier: LGPL-2.1-or-later
// XML text -> document, within limits: a hostile one must not take gigabytes.
#pragma once

#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace rostrum {

// What is wrong, nothing when it is read.  `what`: the document's name in messages, "event log".
// Entities of a document type are not expanded.
std::optional<std::string> load_xml(pugi::xml_document& document, std::string_view xml,
                                    const std::string& what);

// The element's name without its namespace's prefix.
std::string_view local_name(pugi::xml_node node);
// The first child of that local name.
pugi::xml_node child_named(pugi::xml_node node, std::string_view name);
// Whether the text begins, after white space, with an element, a comment or the like, and names
// this one early.
bool begins_with_element(std::string_view text, std::string_view name);

// A whole number; nothing for any other text.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace rostrum
