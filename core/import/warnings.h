// SPDX-License-Identifier: LGPL-2.1-or-later
// What an importer left out or put right, for the user.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace rostrum {

// Sentences in the order they were said.  Of one kind only the first few are kept; the last of
// them is followed by how many more there were, so that a hostile log cannot flood the user.
class Warnings {
 public:
  static constexpr std::size_t kKept = 5;

  void add(const std::string& kind, std::string sentence, std::size_t kept = kKept);
  std::vector<std::string> take();

 private:
  struct Count {
    std::size_t said = 0;
    std::size_t last_kept = 0;  // index into sentences_
    std::size_t kept = 0;
  };

  std::vector<std::string> sentences_;
  std::map<std::string, Count> counts_;
};

}  // namespace rostrum
