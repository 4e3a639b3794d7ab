// SPDX-License-Identifier: LGPL-2.1-or-later
// The scenes that the user sets: which of them rules when, and who of those whom it names is not
// there to be seen.
#pragma once

#include "core/people_heard.h"
#include "core/plan.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rostrum {

// The rule at a frame's time; nullptr before the first.
const LayoutScene* rule_at(const std::vector<LayoutScene>& rules, Nanoseconds t);

// The places of people in the list of the rule that holds.
class PeopleOrder {
 public:
  // `rule` holds from now on; nullptr: none.  It must outlive this.
  void follow(const LayoutScene* rule);
  // Nothing when they are not to be seen.
  std::optional<std::size_t> rank(const std::string& person) const;

 private:
  const LayoutScene* rule_ = nullptr;
  std::unordered_map<std::string_view, std::size_t> ranks_;
};

// Somebody whom a rule names while no camera shows them.
struct NamedUnseen {
  std::size_t rule = 0;
  std::string person;  // id
  FrameRange frames;
  bool admitted = true;  // not left out by the rule's list of people

  friend bool operator==(const NamedUnseen&, const NamedUnseen&) = default;
};

// In the order of the rules and of their people, within `frames`.
std::vector<NamedUnseen> named_unseen(const std::vector<LayoutScene>& rules,
                                      const std::vector<PlannedTrack>& tracks,
                                      const FrameGrid& grid, FrameRange frames);

// The cards that stand in for them, but for those that are there `already`.  Who has no clip at all
// or is not admitted gets none.
std::vector<HeardClip> cards_of_named(const std::vector<NamedUnseen>& unseen,
                                      const std::vector<PlannedTrack>& tracks,
                                      const std::vector<HeardClip>& already);

// A sentence for each, with the scene's pointer.
std::vector<std::string> unseen_warnings(const std::vector<NamedUnseen>& unseen,
                                         const std::vector<PlannedTrack>& tracks,
                                         const FrameGrid& grid);

}  // namespace rostrum
