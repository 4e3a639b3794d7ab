// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/zoom_sessions.h"

#include "core/findings.h"

#include <algorithm>
#include <utility>

namespace rostrum::zoom {

namespace {

using Lines = std::vector<std::string>;

// Shorter ones could be the end of any number.
constexpr std::size_t kTellingDigits = 4;
// By so much the files of one session may differ in length.
constexpr Nanoseconds kSameLength = 1s;

bool is_picture(FileRole role) { return role <= FileRole::local; }

std::string line(const FolderFile& file, const std::string& what) {
  return in_quotes(file.path) + ": " + what;
}

class Sorter {
 public:
  explicit Sorter(Lines& warnings) : warnings_{warnings} {}

  // Pictures and named sounds first: they say which sessions there are.
  void take(const FolderFile& file) {
    auto name = read_name(file.path);
    if (!name) return warn(file, "is no file of a Zoom recording; it is not used");
    const auto role = name->role;
    if (role == FileRole::chat || role == FileRole::captions || role == FileRole::playlist)
      return warn(file, std::string{describe(role)} + "; it is not used");
    if (role == FileRole::unconverted)
      return warn(file, std::string{describe(role)} + ": open it on the computer with Zoom first");
    if (!file.media.usable()) return warn(file, file.media.problem + "; it is not used");
    const bool first = is_picture(role) || (role == FileRole::sound && !name->session.empty());
    auto& place = first ? leading_ : following_;
    place.push_back({std::move(*name), &file});
  }

  std::vector<Session> sort() {
    for (const auto& file : leading_)
      if (is_picture(file.name.role)) session(file.name.session).pictures.push_back(file);
    const bool seen = !sessions_.empty();
    for (const auto& file : leading_) {
      if (file.name.role != FileRole::sound) continue;
      auto* known = find(file.name.session);
      if (!known) known = seen && sessions_.size() == 1 ? &sessions_[0] : nullptr;
      (known ? *known : session(file.name.session)).sounds.push_back(file);
    }
    for (const auto& file : following_) follow(file);
    for (auto& each : sessions_) order(each);
    std::stable_sort(sessions_.begin(), sessions_.end(),
                     [](const Session& a, const Session& b) { return natural_less(a.key, b.key); });
    return std::move(sessions_);
  }

 private:
  void warn(const FolderFile& file, const std::string& what) {
    warnings_.push_back(line(file, what));
  }

  Session* find(const std::string& key) {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [&](const Session& known) { return known.key == key; });
    return found == sessions_.end() ? nullptr : &*found;
  }

  Session& session(const std::string& key) {
    if (auto* known = find(key)) return *known;
    sessions_.push_back({key, {}, {}, {}, {}});
    return sessions_.back();
  }

  // The session whose name ends the digits of a voice's, else the only one.
  Session* session_of(const File& file) {
    if (auto* known = find(file.name.session)) return known;
    for (auto& known : sessions_)
      if (known.key.size() >= kTellingDigits && file.name.session.ends_with(known.key))
        return &known;
    return sessions_.size() == 1 ? &sessions_[0] : nullptr;
  }

  void follow(const File& file) {
    if (file.name.role == FileRole::sound && sessions_.empty()) session("");
    auto* known = session_of(file);
    if (!known) return warn(*file.file, "nothing says to which part it belongs; it is not used");
    if (file.name.role == FileRole::sound)
      known->sounds.push_back(file);
    else
      (file.name.role == FileRole::voice ? known->voices : known->texts).push_back(file);
  }

  // A picture of the shared screen alone that is shorter stands for less than the session.
  static void order(Session& each) {
    Nanoseconds longest{0};
    for (const auto& file : each.pictures) longest = std::max(longest, file.file->media.duration);
    const auto rank = [&](const File& file) {
      const bool partial =
          file.name.role == FileRole::shared && file.file->media.duration + kSameLength < longest;
      return std::pair{partial, file.name.role};
    };
    std::stable_sort(each.pictures.begin(), each.pictures.end(),
                     [&](const File& a, const File& b) { return rank(a) < rank(b); });
    std::stable_sort(each.texts.begin(), each.texts.end(),
                     [](const File& a, const File& b) { return a.name.role < b.name.role; });
  }

  Lines& warnings_;
  std::vector<File> leading_;
  std::vector<File> following_;
  std::vector<Session> sessions_;
};

}  // namespace

Nanoseconds Session::length() const {
  if (!pictures.empty()) return pictures.front().file->media.duration;
  return sounds.empty() ? 0ns : sounds.front().file->media.duration;
}

std::vector<Session> sessions_in(const MediaFolder& folder, Lines& warnings) {
  Sorter sorter{warnings};
  for (const auto& file : folder.files) sorter.take(file);
  return sorter.sort();
}

}  // namespace rostrum::zoom
