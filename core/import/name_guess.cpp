// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/name_guess.h"

#include "core/import/file_names.h"
#include "core/utf8.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <regex>

namespace rostrum {

namespace {

struct RoleWord {
  std::string_view word;
  TrackKind kind;
};

constexpr RoleWord kRoleWords[] = {
    {"camera", TrackKind::camera},       {"cam", TrackKind::camera},
    {"webcam", TrackKind::camera},       {"камера", TrackKind::camera},
    {"вебкамера", TrackKind::camera},    {"screen", TrackKind::screen},
    {"screencast", TrackKind::screen},   {"screenshare", TrackKind::screen},
    {"share", TrackKind::screen},        {"desktop", TrackKind::screen},
    {"экран", TrackKind::screen},        {"slide", TrackKind::slides},
    {"slides", TrackKind::slides},       {"deck", TrackKind::slides},
    {"presentation", TrackKind::slides}, {"слайд", TrackKind::slides},
    {"слайды", TrackKind::slides},       {"презентация", TrackKind::slides},
    {"mic", TrackKind::microphone},      {"microphone", TrackKind::microphone},
    {"audio", TrackKind::microphone},    {"voice", TrackKind::microphone},
    {"sound", TrackKind::microphone},    {"микрофон", TrackKind::microphone},
    {"звук", TrackKind::microphone},     {"голос", TrackKind::microphone},
    {"music", TrackKind::audio},         {"музыка", TrackKind::audio}};

constexpr std::string_view kPresenterWords[] = {"presenter", "host",   "lecturer", "speaker",
                                                "ведущий",   "лектор", "докладчик"};

constexpr std::string_view kPartWords[] = {"part", "pt", "часть"};

// Of recorders and cameras; they say nothing of who or what.
constexpr std::string_view kEmptyWords[] = {
    "rec", "record", "recording", "recorded", "sharing", "video", "movie", "film",   "clip",
    "img", "vid",    "dsc",       "mvi",      "pxl",     "mov",   "at",    "of",     "am",
    "pm",  "track",  "copy",      "final",    "запись",  "видео", "копия", "дорожка"};

// A date and a time of day.  Parts: year, month, day, hour, minute, second, milliseconds, a or p.
// Digits on either side would make it another number.
const std::regex& time_pattern() {
  static const std::regex pattern{
      R"((?:^|[^0-9])(\d{4})[-._]?(\d{2})[-._]?(\d{2}))"
      R"((?:[-_ T.,]| at | - |, )?(\d{1,2})[-:._h]?(\d{2})[-:._m]?(\d{2}))"
      R"((?:[.,]?(\d{3}))?(?:[^0-9A-Za-z]{0,3}([AaPp])[Mm](?![A-Za-z]))?(?![0-9]))",
      std::regex::optimize};
  return pattern;
}

constexpr std::size_t kLongestName = 1024;  // the library's matcher takes memory for each byte

int number(const std::ssub_match& digits) { return digits.length() ? std::stoi(digits) : 0; }

std::optional<WallTime> time_of(const std::smatch& match) {
  using namespace std::chrono;
  const year_month_day date{year{number(match[1])}, month(static_cast<unsigned>(number(match[2]))),
                            day(static_cast<unsigned>(number(match[3])))};
  int hour = number(match[4]);
  if (match[8].length()) hour = hour % 12 + (match[8] == "p" || match[8] == "P" ? 12 : 0);
  const int minute = number(match[5]);
  const int second = number(match[6]);
  const bool likely = date.ok() && date.year() >= year{1990} && date.year() < year{2100};
  if (!likely || hour > 23 || minute > 59 || second > 60) return {};
  return WallTime{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} +
         milliseconds{number(match[7])};
}

// Takes the first time out of the name.
void take_time(std::string& name, NameGuess& guess) {
  if (name.size() > kLongestName) return;
  const auto& pattern = time_pattern();
  for (std::sregex_iterator match{name.begin(), name.end(), pattern}, end; match != end; ++match) {
    guess.time = time_of(*match);
    if (!guess.time) continue;
    const auto from = static_cast<std::size_t>(match->position(1));
    const auto to = static_cast<std::size_t>(match->position(0) + match->length(0));
    guess.time_text = name.substr(from, to - from);
    name.replace(from, to - from, 1, ' ');
    return;
  }
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'\'';
  const bool mark = c < 0xc0 || (c >= 0x2000 && c < 0x2070) || c == 0x3000 || c == 0xfffd;
  return !mark;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool inside = false;
  for (const auto c : code_points(name)) {
    const bool kept = is_letter(c) || is_digit(c);
    if (kept && !inside) words.emplace_back();
    if (kept) append_utf8(words.back(), c);
    inside = kept;
  }
  return words;
}

bool all_digits(std::string_view word) { return word.find_first_not_of("0123456789") == word.npos; }

template <typename Words>
bool among(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Sorts the words into what they say.
class WordReader {
 public:
  explicit WordReader(NameGuess& guess) : guess_{guess} {}

  void read(const std::string& word) {
    const auto small = lower_case(word);
    const auto plain = small.substr(0, small.find_last_not_of("0123456789") + 1);
    if (all_digits(word)) return read_number(word);
    after_part_ = among(kPartWords, plain);
    if (after_part_) {
      if (plain.size() < small.size()) read_number(small.substr(plain.size()));
      return;
    }
    after_name_ = false;
    if (read_kind(word, plain) || among(kEmptyWords, plain)) return;
    if (among(kPresenterWords, plain)) {
      guess_.presenter = true;
      return;
    }
    guess_.words.push_back(word);
    after_name_ = true;
  }

 private:
  // Of a part; or of somebody who has only a number, as "Guest 2"; else of nothing.
  void read_number(const std::string& digits) {
    constexpr std::size_t kLongest = 2;
    const auto value = numbers_in(digits).front();
    if (after_part_)
      guess_.part = value;
    else if (after_name_ && digits.size() <= kLongest)
      guess_.words.push_back(digits);
    after_part_ = after_name_ = false;
  }

  // The last such word counts: "voice of the camera".
  bool read_kind(const std::string& word, std::string_view plain) {
    const auto found = std::find_if(std::begin(kRoleWords), std::end(kRoleWords),
                                    [&](const RoleWord& known) { return known.word == plain; });
    if (found == std::end(kRoleWords)) return false;
    guess_.kind = found->kind;
    guess_.kind_word = word;
    return true;
  }

  NameGuess& guess_;
  bool after_part_ = false;
  bool after_name_ = false;
};

}  // namespace

NameGuess guess_from_name(std::string_view path) {
  NameGuess guess;
  const auto folder = path.substr(0, path.size() - name_of(path).size());
  std::string name = std::string{folder}.append(stem_of(path));
  take_time(name, guess);
  WordReader reader{guess};
  for (const auto& word : words_of(name)) reader.read(word);
  return guess;
}

}  // namespace rostrum
