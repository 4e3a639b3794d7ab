// SPDX-License-Identifier: LGPL-2.1-or-later
// The speakers of a recording: the best sequence that `hold` allows.
#include "core/speaker.h"

#include "core/speaker_presence.h"
#include "core/speaker_talk.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

using Windows = std::int64_t;

// Worth of one level window.  Only their ratios matter: with kChange a change must show more than a
// quarter of a second of talk over staying.
constexpr std::int64_t kLoudest = 4;   // the speaker is the loudest who talks
constexpr std::int64_t kTalking = 3;   // another who talks
constexpr std::int64_t kFallback = 2;  // in a long silence the default person is
constexpr std::int64_t kAbsent = -2;   // somebody who is not there is
constexpr std::int64_t kChange = -10;  // a change to who talks
constexpr std::int64_t kEarly = -1;    // each window by which it comes before the talk
constexpr std::size_t kEarliest = 5;   // windows before the talk, where `hold` presses
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min() / 2;

// Where the person can be the speaker.
const std::vector<Interval>& shown(const PersonLevels& person) {
  return person.visible ? *person.visible : person.present;
}

// [person][window]
using Marks = std::vector<std::vector<bool>>;

// The windows at which somebody comes or goes, is shown or not any more.
std::vector<std::size_t> changes_of_presence(const std::vector<PersonLevels>& people,
                                             std::size_t count) {
  std::vector<std::size_t> cuts{0, count};
  for (const auto& person : people)
    for (const auto* intervals : {&person.present, &shown(person)})
      for (const auto& interval : *intervals) {
        const auto [from, to] = windows_within(interval, count);
        cuts.insert(cuts.end(), {from, to});
      }
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

// Per window the first presenter who is visible, else who of those has been present longest.  Of
// those who are there the presence grows alike: the choice changes only where somebody comes or
// goes.
std::vector<std::size_t> default_persons(const std::vector<PersonLevels>& people,
                                         const Marks& present, const Marks& visible,
                                         std::size_t count) {
  const auto cuts = changes_of_presence(people, count);
  std::vector<std::size_t> found(count, kNobody);
  std::vector<std::size_t> total(people.size());
  for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
    if (cuts[c] == cuts[c + 1]) continue;
    auto best = kNobody;
    for (std::size_t p = 0; p < people.size(); ++p) {
      if (!visible[p][cuts[c]]) continue;
      if (best == kNobody || (people[p].presenter && !people[best].presenter) ||
          (!people[best].presenter && total[p] > total[best]))
        best = p;
    }
    std::fill(found.begin() + static_cast<std::ptrdiff_t>(cuts[c]),
              found.begin() + static_cast<std::ptrdiff_t>(cuts[c + 1]), best);
    for (std::size_t p = 0; p < people.size(); ++p)
      if (present[p][cuts[c]]) total[p] += cuts[c + 1] - cuts[c];
  }
  return found;
}

// What the sequence is chosen by.
struct Evidence {
  Talk talk;                          // `talks` only of who is visible
  Marks visible;                      // may be shown
  Marks may;                          // may become the speaker: talks, or soon
  std::vector<std::size_t> fallback;  // [window] the default person
  std::vector<bool> long_silence;     // [window] the default person is due
  std::vector<bool> left;             // [window] nobody has spoken since somebody left
  std::vector<bool> someone;          // [window] who is visible talks
  std::vector<bool> unseen;           // [window] who is not visible talks
  std::vector<bool> everybody;        // [window] is visible
};

// Who is audible may become the speaker a little before the talk.
std::vector<bool> with_lead(const std::vector<bool>& talks, const std::vector<bool>& audible) {
  auto may = talks;
  std::size_t lead = 0;
  for (auto i = talks.size(); i-- > 0;) {
    if (talks[i]) {
      lead = kEarliest;
    } else if (lead > 0) {
      lead = audible[i] ? lead - 1 : 0;
      if (audible[i]) may[i] = true;
    }
  }
  return may;
}

// Where nobody talks: whether for so long that the default person is due, and whether somebody has
// left since.
void weigh_silence(const std::vector<PersonLevels>& people, const SpeakerOptions& options,
                   Evidence& evidence) {
  const auto count = evidence.someone.size();
  std::vector<bool> leaves(count);
  for (std::size_t p = 0; p < people.size(); ++p)
    for (const auto& interval : shown(people[p])) {
      const auto to = windows_within(interval, count).second;
      if (to < count && !evidence.visible[p][to]) leaves[to] = true;
    }
  evidence.long_silence.resize(count);
  evidence.left.resize(count);
  const auto due = windows_of(options.silence);
  auto silent = due;  // nobody has spoken yet
  bool left = false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool talking = evidence.someone[i] || evidence.unseen[i];
    evidence.long_silence[i] = silent >= due && !talking;
    silent = talking || evidence.talk.several[i] ? 0 : silent + 1;
    left = (left || leaves[i]) && !evidence.someone[i];
    evidence.left[i] = left;
  }
}

// Who talks when, of everybody who is audible.
Talk find_talk(const std::vector<PersonLevels>& people, const Marks& present, std::size_t count,
               const SpeakerOptions& options) {
  TalkFinder finder{count, options};
  std::vector<float> power(count);
  Marks logged;
  Marks audible;
  for (std::size_t p = 0; p < people.size(); ++p) {
    auto heard = audible_power(people[p], present[p], power);
    if (people[p].talks) {
      logged.push_back(marked(*people[p].talks, count));
      audible.push_back(std::move(heard));
    } else {
      finder.add(power, std::move(heard));
    }
  }
  return logged.empty() ? finder.find() : logged_talk(std::move(logged), std::move(audible));
}

// Talk of who is not visible wins nothing; it only is no silence.
void note_talk(Evidence& evidence) {
  const auto count = evidence.everybody.size();
  evidence.someone.resize(count);
  evidence.unseen.resize(count);
  for (std::size_t p = 0; p < evidence.visible.size(); ++p) {
    auto& talks = evidence.talk.talks[p];
    for (std::size_t i = 0; i < count; ++i) {
      if (!evidence.visible[p][i]) evidence.everybody[i] = false;
      if (!talks[i]) continue;
      (evidence.visible[p][i] ? evidence.someone : evidence.unseen)[i] = true;
      talks[i] = evidence.visible[p][i];
    }
    evidence.may.push_back(with_lead(talks, evidence.talk.audible[p]));
  }
}

Evidence weigh(const std::vector<PersonLevels>& people, std::size_t count,
               const SpeakerOptions& options) {
  Evidence evidence;
  evidence.everybody.assign(count, true);
  Marks present;
  for (const auto& person : people) {
    present.push_back(marked(person.present, count));
    evidence.visible.push_back(marked(shown(person), count));
  }
  evidence.talk = find_talk(people, present, count, options);
  drop_interjections(evidence.talk, options);
  join_turns(evidence.talk, options);
  note_talk(evidence);
  evidence.fallback = default_persons(people, present, evidence.visible, count);
  weigh_silence(people, options, evidence);
  return evidence;
}

// Chooses the sequence by dynamic programming over the windows: `best_[s]` is the worth of the best
// one that shows s now and has shown s for at least `hold`, so that it may change.
class Sequencer {
 public:
  Sequencer(const Evidence& evidence, Windows hold)
      : evidence_{evidence},
        nobody_{evidence.visible.size()},
        hold_{static_cast<std::size_t>(hold)},
        best_(nobody_ + 1, kNever),
        sums_(nobody_ + 1),
        path_(nobody_ + 1) {}

  std::vector<Switch> run() {
    const auto count = evidence_.fallback.size();
    begin();
    for (std::size_t i = 0; i < count; ++i) {
      for (; ripe_ < begun_.size() && begun_[ripe_].window + hold_ <= i; ++ripe_)
        mature(begun_[ripe_]);
      if (i > 0) change(i);
      advance(i);
    }
    for (; ripe_ < begun_.size(); ++ripe_) mature(begun_[ripe_]);  // nothing follows these
    return sequence();
  }

 private:
  static constexpr std::size_t kStart = std::numeric_limits<std::size_t>::max();

  struct Step {  // a change, and the one before it
    std::size_t window;
    std::size_t state;
    std::size_t before;
  };

  struct Begun {  // a change that is possible at a window
    std::size_t window;
    std::size_t state;
    std::int64_t worth;  // with it, less sums_[state] up to it
    std::size_t before;
  };

  std::size_t state_of(std::size_t person) const { return person == kNobody ? nobody_ : person; }

  bool talks(std::size_t state, std::size_t i) const {
    return state != nobody_ && evidence_.talk.talks[state][i];
  }

  void add(std::size_t state, std::int64_t worth) {
    best_[state] += worth;
    sums_[state] += worth;
  }

  // The first speaker is a choice, not a change: the default person or who talks at once.
  void begin() {
    for (std::size_t s = 0; s <= nobody_; ++s) {
      if (!talks(s, 0) && s != state_of(evidence_.fallback[0])) continue;
      best_[s] = 0;
      path_[s] = steps_.size();
      steps_.push_back({0, s, kStart});
    }
  }

  // Notes the changes that are possible at this window: to who talks now or soon, else to the
  // default person.
  void change(std::size_t i) {
    leader_ = leader();
    for (std::size_t s = 0; s < nobody_; ++s)
      if (evidence_.may[s][i]) note(i, s, kChange + kEarly * windows_until(s, i));
    if (!evidence_.someone[i] && (evidence_.long_silence[i] || evidence_.left[i]))
      note(i, state_of(evidence_.fallback[i]), 0);
  }

  std::size_t leader() const {
    return static_cast<std::size_t>(std::max_element(best_.begin(), best_.end()) - best_.begin());
  }

  std::int64_t windows_until(std::size_t state, std::size_t i) const {
    std::int64_t until = 0;
    while (!talks(state, i + static_cast<std::size_t>(until))) ++until;
    return until;
  }

  void note(std::size_t i, std::size_t state, std::int64_t cost) {
    // no better than to have shown this one before
    if (best_[leader_] + cost <= best_[state]) return;
    begun_.push_back({i, state, best_[leader_] + cost - sums_[state], path_[leader_]});
  }

  // Adds what each state is worth in this window.
  void advance(std::size_t i) {
    if (evidence_.someone[i])
      for (std::size_t s = 0; s < nobody_; ++s)
        if (talks(s, i))
          add(s, evidence_.talk.talker[i] == static_cast<std::int32_t>(s) ? kLoudest : kTalking);
    if (evidence_.long_silence[i]) add(state_of(evidence_.fallback[i]), kFallback);
    if (!evidence_.everybody[i])
      for (std::size_t s = 0; s < nobody_; ++s)
        if (!evidence_.visible[s][i]) add(s, kAbsent);
  }

  // That change may be followed by another from now on.
  void mature(const Begun& begun) {
    const auto worth = begun.worth + sums_[begun.state];
    if (worth <= best_[begun.state]) return;
    best_[begun.state] = worth;
    path_[begun.state] = steps_.size();
    steps_.push_back({begun.window, begun.state, begun.before});
  }

  std::vector<Switch> sequence() const {
    std::vector<Switch> switches;
    for (auto at = path_[leader()]; at != kStart; at = steps_[at].before)
      switches.push_back({kLevelWindow * static_cast<Windows>(steps_[at].window),
                          steps_[at].state == nobody_ ? kNobody : steps_[at].state});
    std::reverse(switches.begin(), switches.end());
    return switches;
  }

  const Evidence& evidence_;
  std::size_t nobody_;  // the state in which nobody is there
  std::size_t hold_;    // windows
  std::vector<std::int64_t> best_;
  std::size_t leader_ = 0;          // the state whose best is the best of all
  std::vector<std::int64_t> sums_;  // of worth, up to now
  std::vector<std::size_t> path_;   // of each state: its last step
  std::vector<Begun> begun_;        // in the order of time
  std::size_t ripe_ = 0;            // of begun_: the first that is younger than `hold`
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Switch> decide_speakers(const std::vector<PersonLevels>& people, Nanoseconds end,
                                    const SpeakerOptions& options) {
  if (end <= 0ns) return {};
  const auto evidence = weigh(people, static_cast<std::size_t>(windows_of(end)), options);
  return Sequencer{evidence, windows_of(options.hold)}.run();
}

std::size_t speaker_at(const std::vector<Switch>& switches, Nanoseconds t) {
  const auto after = std::upper_bound(switches.begin(), switches.end(), t,
                                      [](Nanoseconds at, const Switch& s) { return at < s.from; });
  return after == switches.begin() ? kNobody : std::prev(after)->person;
}

}  // namespace rostrum
