// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/slide_times.h"

#include "core/findings.h"

#include <charconv>
#include <string>
#include <string_view>

namespace rostrum {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kBlank = " \t\r";
constexpr std::string_view kSeparators = " \t\r,;";
constexpr std::size_t kMostCues = 10'000;

std::string_view trimmed(std::string_view text, std::string_view blank) {
  const auto first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

class CueReader {
 public:
  CueReader(const SlideTimes& times, std::size_t slides) : name_{times.name}, slides_{slides} {}

  void read(std::string_view line) {
    ++number_;
    line = trimmed(line.substr(0, line.find('#')), kBlank);
    const bool heading = cues_.empty() && line.find_first_of("0123456789") == line.npos;
    if (line.empty() || heading || findings_.full()) return;
    const auto end = std::min(line.find_first_of(kSeparators), line.size());
    const auto at = parse_time(line.substr(0, end));
    if (!at || *at < 0ns) return problem("expected a time, seconds or h:mm:ss.mmm");
    if (!cues_.empty() && *at <= cues_.back().at)
      return problem("this time is not after the one before it");
    if (cues_.size() >= kMostCues)
      return problem("more than " + std::to_string(kMostCues) + " times");
    const auto slide = slide_of(trimmed(line.substr(end), kSeparators));
    if (slide) cues_.push_back({*at, *slide});
  }

  tl::expected<std::vector<SlideCue>, Problems> take() {
    if (cues_.empty() && findings_.empty())
      findings_.add("/" + name_, "expected the times of slides, one a line");
    if (!findings_.empty()) return tl::unexpected{findings_.take()};
    return std::move(cues_);
  }

 private:
  // Index of the slide that a line names, or of the next one; a finding if there is none.
  std::optional<std::size_t> slide_of(std::string_view text) {
    std::size_t number = cues_.empty() ? 1 : cues_.back().slide + 2;
    const auto* end = text.data() + text.size();
    if (!text.empty()) {
      const auto read = std::from_chars(text.data(), end, number);
      if (read.ec != std::errc{} || read.ptr != end)
        return problem("expected nothing or the number of a slide after the time"), std::nullopt;
    }
    if (number >= 1 && number <= slides_) return number - 1;
    problem("there is no slide " + std::to_string(number) + ", there are " +
            std::to_string(slides_));
    return {};
  }

  void problem(std::string message) {
    findings_.add("/" + name_ + ":" + std::to_string(number_), std::move(message));
  }

  std::string name_;
  std::size_t slides_;
  std::size_t number_ = 0;  // of the line
  std::vector<SlideCue> cues_;
  Findings findings_;
};

}  // namespace

tl::expected<std::vector<SlideCue>, Problems> read_slide_times(const SlideTimes& times,
                                                               std::size_t slides) {
  CueReader reader{times, slides};
  std::string_view text = times.text;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

}  // namespace rostrum
