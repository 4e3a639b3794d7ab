// SPDX-License-Identifier: LGPL-2.1-or-later
// Ids that an importer makes out of a log's own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace rostrum {

// Ids of one kind: readable, and no two alike.
class Ids {
 public:
  std::string make(std::string_view prefix, std::string_view text);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> last_;  // number given to each text
};

}  // namespace rostrum
