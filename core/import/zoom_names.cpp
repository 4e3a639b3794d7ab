// SPDX-License-Identifier: LGPL-2.1-or-later
// Names: Zoom Support, "Understanding recording file formats" (KB0064394); those of views are as
// the cloud's downloads have them.
#include "core/import/zoom_names.h"

#include "core/import/file_names.h"
#include "core/import/zoom.h"

#include <iterator>
#include <regex>

namespace rostrum::zoom {

namespace {

constexpr std::size_t kLongestName = 255;

struct View {
  std::string_view word;
  FileRole role;
};

constexpr View kViews[] = {{"", FileRole::shared_with_speaker},
                           {"gallery", FileRole::shared_with_gallery},
                           {"as", FileRole::shared},
                           {"gvo", FileRole::gallery},
                           {"avo", FileRole::speaker}};

using Match = std::match_results<std::string_view::const_iterator>;

bool matches(std::string_view text, const std::regex& pattern, Match& match) {
  return text.size() <= kLongestName && std::regex_match(text.begin(), text.end(), match, pattern);
}

// "GMT20200101-120000_Recording_gallery_1280x720.mp4"
std::optional<Name> cloud_name(std::string_view name) {
  static const std::regex kPattern{
      R"((GMT\d{8}-\d{6})_(.*?)(?:_(gallery|as|gvo|avo))?(?:_\d+x\d+)?)"
      R"((newChat|\.cc|\.transcript|\.timeline)?\.(mp4|m4a|vtt|txt|json))",
      std::regex::icase};
  Match match;
  if (!matches(name, kPattern, match)) return {};
  const auto part = [&](std::size_t i) { return lower_case(match[i].str()); };
  Name found{FileRole::sound, match[1].str(), match[2].str()};
  if (found.text == "Recording") found.text.clear();
  const auto ending = part(5);
  if (ending == "mp4") {
    for (const auto& view : kViews)
      if (view.word == part(3)) found.role = view.role;
  } else if (ending == "vtt") {
    found.role = part(4) == ".cc" ? FileRole::captions : FileRole::transcript;
  } else if (ending != "m4a") {
    found.role = ending == "txt" ? FileRole::chat : FileRole::timeline;
  }
  return found;
}

// "audioAnnaPetrova11234567890.m4a", in the folder of voices: the digits count the people and name
// the session.
std::optional<Name> voice_name(std::string_view name) {
  static const std::regex kPattern{R"(audio(.*?)(\d*)\.m4a)", std::regex::icase};
  Match match;
  if (!matches(name, kPattern, match)) return {};
  return Name{FileRole::voice, match[2].str(), match[1].str()};
}

std::optional<Name> local_name(std::string_view name) {
  struct Pattern {
    FileRole role;
    std::regex names;
  };
  static const Pattern kPatterns[] = {
      {FileRole::local, std::regex{R"((?:zoom_|video)(\d+)\.mp4)", std::regex::icase}},
      {FileRole::sound, std::regex{R"((?:audio_only_?|audio)(\d*)\.m4a)", std::regex::icase}},
      {FileRole::playlist, std::regex{R"(playback_?(\d*)\.m3u)", std::regex::icase}},
      {FileRole::chat,
       std::regex{R"((?:meeting_saved_(?:new_)?chat|chat)(\d*)\.txt)", std::regex::icase}},
      {FileRole::timeline, std::regex{R"(timeline(\d*)\.json)", std::regex::icase}},
      {FileRole::unconverted,
       std::regex{R"(double_click_to_convert_(\d*)\.zoom)", std::regex::icase}}};
  Match match;
  for (const auto& pattern : kPatterns)
    if (matches(name, pattern.names, match)) return Name{pattern.role, match[1].str(), {}};
  return {};
}

}  // namespace

std::optional<Name> read_name(std::string_view path) {
  const auto name = name_of(path);
  const auto folder = path.substr(0, path.size() - name.size());
  if (folder == std::string{kZoomVoices} + "/") return voice_name(name);
  if (!folder.empty()) return {};
  if (auto found = cloud_name(name)) return found;
  return local_name(name);
}

const char* describe(FileRole role) {
  switch (role) {
  case FileRole::shared_with_speaker:
    return "the shared screen with the speaker";
  case FileRole::shared_with_gallery:
    return "the shared screen with the gallery";
  case FileRole::shared:
    return "the shared screen alone";
  case FileRole::gallery:
    return "the gallery";
  case FileRole::speaker:
    return "the speaker";
  case FileRole::local:
    return "the picture";
  case FileRole::sound:
    return "the sound of all";
  case FileRole::voice:
    return "one person's sound";
  case FileRole::timeline:
    return "the timeline of who speaks";
  case FileRole::transcript:
    return "the transcript";
  case FileRole::captions:
    return "captions";
  case FileRole::chat:
    return "the chat";
  case FileRole::playlist:
    return "a playlist";
  case FileRole::unconverted:
    return "a recording that is not yet converted";
  }
  return "";
}

}  // namespace rostrum::zoom
