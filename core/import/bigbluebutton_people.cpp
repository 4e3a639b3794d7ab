// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/bigbluebutton_people.h"

#include "core/intervals.h"

#include <map>
#include <string_view>
#include <utility>

namespace rostrum::bigbluebutton {

namespace {

constexpr std::size_t kNameBytes = 4096;
constexpr std::size_t kSeveral = ~std::size_t{0};  // of the users have this name

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// "w_abc" of "w_abc_2": who calls again gets a number.
std::string without_number(const std::string& id) {
  const auto end = id.rfind('_');
  return end != id.npos && is_number(id.substr(end + 1)) ? id.substr(0, end) : id;
}

}  // namespace

void Switched::set(bool on, Nanoseconds at) {
  if (on == since_.has_value()) return;
  if (!on && at > *since_) on_.push_back({*since_, at});
  since_ = on ? std::optional{at} : std::nullopt;
}

std::vector<Interval> Switched::until(Nanoseconds end) {
  set(false, end);
  return merged(std::move(on_));
}

bool People::take(const Event& event) {
  static const std::unordered_map<std::string_view, Handler> handlers{
      {"ParticipantJoinEvent", &People::join},          {"AssignPresenterEvent", &People::assign},
      {"ParticipantJoinedEvent", &People::call},        {"ParticipantTalkingEvent", &People::talk},
      {"ParticipantMutedEvent", &People::mute},         {"ParticipantLeftEvent", &People::leave},
      {"ParticipantStatusChangeEvent", &People::status}};
  const auto found = handlers.find(event.name);
  if (found == handlers.end()) return false;
  (this->*found->second)(event);
  return found->second != &People::status;
}

User& People::user(const std::string& id) {
  const auto [found, added] = by_id_.try_emplace(id, users_.size());
  if (added) users_.push_back({id, {}, false, {}, {}});
  return users_[found->second];
}

void People::join(const Event& event) {
  const auto id = event.text("userId");
  if (id.empty()) return;
  auto& who = user(id);
  if (auto name = event.text("name", kNameBytes); !name.empty()) who.name = std::move(name);
  who.moderator = who.moderator || event.text("role") == "MODERATOR";
  if (auto account = event.text("externalUserId"); !account.empty())
    accounts_[id] = std::move(account);
}

void People::present(const std::string& id, Nanoseconds at) {
  if (id == presenter_) return;
  if (!presenter_.empty() && at > presents_since_)
    user(presenter_).presenting.push_back({presents_since_, at});
  presenter_ = id;
  presents_since_ = at;
}

void People::assign(const Event& event) {
  const auto id = event.text("userid");
  if (id.empty()) return;
  auto& who = user(id);
  if (who.name.empty()) who.name = event.text("name", kNameBytes);
  present(id, event.at);
}

void People::status(const Event& event) {
  const auto id = event.text("userId");
  if (id.empty()) return;
  const auto status = event.text("status");
  if (status == "presenter" && event.is_true("value")) {
    user(id);
    present(id, event.at);
  }
  if (status == "role") user(id).moderator = event.text("value") == "MODERATOR";
}

People::Voice& People::voice(const Event& event) {
  const auto participant = event.text("participant");
  const auto [found, added] = by_participant_.try_emplace(participant, voices_.size());
  if (added) voices_.push_back({participant, {}, {}, {}});
  return voices_[found->second];
}

void People::call(const Event& event) {
  auto& who = voice(event);
  who.caller = event.text("callernumber", kNameBytes);
  who.name = event.text("callername", kNameBytes);
}

void People::talk(const Event& event) {
  voice(event).talking.set(event.is_true("talking"), event.at);
}

// Who is muted does not talk; not every version says so.
void People::mute(const Event& event) {
  if (event.is_true("muted")) voice(event).talking.set(false, event.at);
}

// Two events have this name: of the meeting (userId) and of its voice conference (participant).
void People::leave(const Event& event) {
  if (!event.text("participant").empty()) voice(event).talking.set(false, event.at);
}

User& People::user_of(const Voice& voice) {
  if (const auto end = voice.caller.find("-bbbID-"); end != voice.caller.npos) {
    const auto id = voice.caller.substr(0, end);
    for (const auto& candidate : {id, without_number(id)})
      if (by_id_.contains(candidate)) return user(candidate);
  }
  if (!is_number(voice.participant) && by_id_.contains(voice.participant))
    return user(voice.participant);
  const auto named = by_name_.find(voice.name);
  if (named != by_name_.end() && named->second != kSeveral) return users_[named->second];
  auto& own = user("voice-" + voice.participant);
  if (own.name.empty()) own.name = voice.name;
  return own;
}

std::string People::of_stream(const std::string& name) const {
  const auto stem = name.substr(0, name.rfind('.'));
  // The file's name may go on with the time at which it was begun.
  for (auto end = stem.size(); end != stem.npos && end > 0; end = stem.rfind('-', end - 1))
    if (const auto found = streams_.find(stem.substr(0, end)); found != streams_.end())
      return found->second;
  // "high-w_abc-1556.webm", "320x240-11-1305560840349": quality, user, time
  const auto from = stem.find('-');
  if (from == stem.npos) return {};
  const auto id = stem.substr(from + 1, stem.find('-', from + 1) - from - 1);
  return by_id_.contains(id) ? id : std::string{};
}

// Who joins again has another id, but the account of before.  A front end may give one account to
// all its guests: the name tells them apart.
void People::join_again() {
  std::map<std::pair<std::string, std::string>, std::size_t> first;  // by account and name
  std::vector<User> kept;
  for (auto& user : users_) {
    const auto account = accounts_.find(user.id);
    auto index = kept.size();
    if (account != accounts_.end() && !user.name.empty())
      index = first.emplace(std::pair{account->second, user.name}, index).first->second;
    by_id_[user.id] = index;
    if (index == kept.size()) {
      kept.push_back(std::move(user));
      continue;
    }
    auto& same = kept[index];
    first_id_[user.id] = same.id;
    same.moderator = same.moderator || user.moderator;
    same.presenting.insert(same.presenting.end(), user.presenting.begin(), user.presenting.end());
  }
  users_ = std::move(kept);
}

std::string People::first_id(const std::string& id) const {
  const auto found = first_id_.find(id);
  return found == first_id_.end() ? id : found->second;
}

std::vector<User> People::take(Nanoseconds end) {
  present({}, end);
  join_again();
  for (std::size_t i = 0; i < users_.size(); ++i) {
    if (users_[i].name.empty()) continue;
    const auto [found, added] = by_name_.try_emplace(users_[i].name, i);
    if (!added) found->second = kSeveral;
  }
  for (auto& voice : voices_) {
    auto talking = voice.talking.until(end);
    if (talking.empty()) continue;
    auto& all = user_of(voice).talking;
    all.insert(all.end(), talking.begin(), talking.end());
  }
  for (auto& user : users_) user.talking = merged(std::move(user.talking));
  return std::move(users_);
}

}  // namespace rostrum::bigbluebutton
