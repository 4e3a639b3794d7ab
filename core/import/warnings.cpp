// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/warnings.h"

#include <utility>

namespace rostrum {

void Warnings::add(const std::string& kind, std::string sentence, std::size_t kept) {
  auto& count = counts_[kind];
  if (++count.said > kept) return;
  count.last_kept = sentences_.size();
  count.kept = count.said;
  sentences_.push_back(std::move(sentence));
}

std::vector<std::string> Warnings::take() {
  std::map<std::size_t, std::size_t> left_out;  // after which sentence -> how many
  for (const auto& [kind, count] : counts_)
    if (count.said > count.kept) left_out[count.last_kept] = count.said - count.kept;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < sentences_.size(); ++i) {
    all.push_back(std::move(sentences_[i]));
    if (const auto more = left_out.find(i); more != left_out.end())
      all.push_back("… and " + std::to_string(more->second) + " more of this kind");
  }
  sentences_.clear();
  counts_.clear();
  return all;
}

}  // namespace rostrum
