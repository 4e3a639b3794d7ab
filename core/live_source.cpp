// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_source.h"

#include "core/findings.h"
#include "core/live_uri.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace rostrum {

namespace {

using Parsed = tl::expected<LiveSource, std::string>;
using Done = tl::expected<void, std::string>;

// Of videotestsrc; those that need no other setting.
constexpr auto kPatterns = std::to_array<std::string_view>(
    {"smpte", "snow", "black", "white", "red", "green", "blue", "checkers-8", "circular", "ball",
     "smpte75", "smpte100", "bar", "pinwheel", "spokes", "gradient", "colors"});

constexpr int kLeastSide = 16;
constexpr int kMostSide = 4096;
constexpr int kMostRate = 120;
constexpr double kLeastTone = 20;  // Hz
constexpr double kMostTone = 20'000;
constexpr double kLeastLevel = -90;   // dBFS
constexpr double kMostLevel = -3.01;  // a sine's RMS is so far below its peak
constexpr std::size_t kMostTalks = 1000;
constexpr int kMostDevice = 4;  // digits
// Of libsrt: a passphrase has 10 to 79 characters, a stream id 512.
constexpr std::size_t kMostStreamId = 512;
constexpr int kMostLatency = 10'000;  // ms

template <typename T>
bool is_in(const T& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::optional<int> whole(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') return {};
  if (value < least || value > most) return {};
  return value;
}

std::optional<double> number(std::string_view text, double least, double most) {
  const auto digits = text.find_first_not_of("-0123456789.") == text.npos && !text.empty();
  if (!digits) return {};
  const std::string copy{text};
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (*end != '\0' || !std::isfinite(value) || value < least || value > most) return {};
  return value;
}

tl::unexpected<std::string> wrong(const LiveQuery& entry, std::string_view expected) {
  return tl::unexpected(in_quotes(entry.key) + " is " + in_quotes(entry.value) + ": expected " +
                        std::string{expected});
}

tl::unexpected<std::string> unknown(const LiveQuery& entry, std::string_view keys) {
  return tl::unexpected("there is no setting " + in_quotes(entry.key) + " here: expected " +
                        std::string{keys});
}

Done read_size(TestSource& test, const LiveQuery& entry) {
  const auto at = entry.value.find('x');
  const auto text = std::string_view{entry.value};
  if (at == text.npos) return wrong(entry, "WIDTHxHEIGHT");
  const auto width = whole(text.substr(0, at), kLeastSide, kMostSide);
  const auto height = whole(text.substr(at + 1), kLeastSide, kMostSide);
  if (!width || !height || *width % 2 != 0 || *height % 2 != 0)
    return wrong(entry, "WIDTHxHEIGHT, both even, from 16 to 4096");
  test.width = *width;
  test.height = *height;
  return {};
}

// "0-3,6-9.5"
Done read_talk(TestSource& test, const LiveQuery& entry) {
  auto rest = std::string_view{entry.value};
  while (test.talk.size() < kMostTalks) {
    const auto end = rest.find(',');
    const auto part = rest.substr(0, end);
    const auto dash = part.find('-');
    const auto from = parse_time(part.substr(0, dash));
    const auto to = dash == part.npos ? std::nullopt : parse_time(part.substr(dash + 1));
    const bool later = test.talk.empty() || (from && *from >= test.talk.back().to);
    if (!from || !to || *from < 0ns || *from >= *to || !later)
      return wrong(entry, "times in order, FROM-TO,FROM-TO,… in seconds");
    test.talk.push_back({*from, *to});
    if (end == rest.npos) return {};
    rest.remove_prefix(end + 1);
  }
  return wrong(entry, "at most 1000 of them");
}

Done read_tone(TestSource& test, const LiveQuery& entry) {
  test.tone.reset();
  if (entry.value == "off") return {};
  test.tone = number(entry.value, kLeastTone, kMostTone);
  if (!test.tone) return wrong(entry, "20 to 20000 hertz, or \"off\"");
  return {};
}

Done read_test_setting(TestSource& test, const LiveQuery& entry) {
  if (entry.key == "size") return read_size(test, entry);
  if (entry.key == "talk") return read_talk(test, entry);
  if (entry.key == "tone") return read_tone(test, entry);
  if (entry.key == "rate") {
    const auto rate = whole(entry.value, 1, kMostRate);
    if (!rate) return wrong(entry, "1 to 120 frames per second");
    test.rate = *rate;
    return {};
  }
  if (entry.key == "level") {
    const auto level = number(entry.value, kLeastLevel, kMostLevel);
    if (!level) return wrong(entry, "-90 to -3.01 dBFS");
    test.level = *level;
    return {};
  }
  if (entry.key == "fails-after") {
    test.fails_after = parse_time(entry.value);
    if (!test.fails_after || *test.fails_after <= 0ns)
      return wrong(entry, "seconds of more than 0");
    return {};
  }
  return unknown(entry, "size, rate, tone, level, talk, fails-after");
}

Parsed parse_test(const LiveUri& uri) {
  LiveSource source;
  source.shown = uri.text;
  if (!uri.path.empty() && !is_in(kPatterns, uri.path)) {
    std::string names;
    for (const auto name : kPatterns) names += (names.empty() ? "" : ", ") + std::string{name};
    return tl::unexpected("there is no test picture " + in_quotes(uri.path) + ": expected one of " +
                          names);
  }
  if (!uri.path.empty()) source.test.pattern = uri.path;
  for (const auto& entry : uri.query)
    if (auto done = read_test_setting(source.test, entry); !done)
      return tl::unexpected(done.error());
  return source;
}

// Only a device that takes pictures: the name leads nowhere else.
Parsed parse_device(const LiveUri& uri) {
  constexpr std::string_view kDevice = "/dev/video";
  const auto path = std::string_view{uri.path};
  const auto digits = path.starts_with(kDevice) ? path.substr(kDevice.size()) : "";
  const bool named = !digits.empty() && digits.size() <= kMostDevice &&
                     digits.find_first_not_of("0123456789") == digits.npos;
  if (!named || !uri.query.empty())
    return tl::unexpected<std::string>("expected the device of a camera: \"v4l2:/dev/video0\"");
  LiveSource source;
  source.scheme = LiveSource::Scheme::v4l2;
  source.uri = "v4l2://" + uri.path;
  source.shown = "v4l2:" + uri.path;
  return source;
}

Parsed parse_rtsp(const LiveUri& uri) {
  if (uri.host.empty())
    return tl::unexpected<std::string>("it names no host: \"rtsp://HOST/PATH\"");
  LiveSource source;
  source.scheme = LiveSource::Scheme::rtsp;
  source.uri = uri.text;
  source.host = uri.host;
  source.shown = uri.scheme + "://" + uri.authority() + uri.path;
  return source;
}

// Without the value, which may have run into the key that follows it.
tl::unexpected<std::string> must_be(const std::string& key, const char* expected) {
  return tl::unexpected(in_quotes(key) + " must be " + expected);
}

Done check_srt_setting(const LiveQuery& entry) {
  const auto& [key, value] = entry;
  constexpr std::size_t kLeastPhrase = 10;
  constexpr std::size_t kMostPhrase = 79;
  if (key == "mode") {
    if (value != "caller" && value != "listener") return must_be(key, "\"caller\" or \"listener\"");
  } else if (key == "latency") {
    if (!whole(value, 0, kMostLatency)) return must_be(key, "0 to 10000 milliseconds");
  } else if (key == "pbkeylen") {
    if (value != "16" && value != "24" && value != "32") return must_be(key, "16, 24 or 32 bytes");
  } else if (key == "streamid") {
    if (value.empty() || value.size() > kMostStreamId) return must_be(key, "1 to 512 characters");
  } else if (key == "passphrase") {
    if (value.size() < kLeastPhrase || value.size() > kMostPhrase)
      return must_be(key, "10 to 79 characters");
  } else {  // which may be the end of a passphrase
    return tl::unexpected<std::string>(
        "it has a setting that is none of mode, latency, streamid, passphrase, pbkeylen");
  }
  return {};
}

Parsed parse_srt(const LiveUri& uri) {
  if (uri.port == 0) return tl::unexpected<std::string>("it names no port: \"srt://HOST:PORT\"");
  if (!uri.path.empty() && uri.path != "/")
    return tl::unexpected<std::string>("it has a path, of which SRT knows nothing");
  if (!uri.user.empty())
    return tl::unexpected<std::string>("it names a user, of whom SRT knows nothing");
  bool listens = uri.host.empty();
  bool said = false;
  for (const auto& entry : uri.query) {
    if (auto done = check_srt_setting(entry); !done) return tl::unexpected(done.error());
    if (entry.key == "mode") said = true;
    if (entry.key == "mode") listens = entry.value == "listener";
  }
  if (!listens && uri.host.empty())
    return tl::unexpected<std::string>(
        "a caller needs the host that it calls: \"srt://HOST:PORT\"");
  LiveSource source;
  source.scheme = LiveSource::Scheme::srt;
  source.uri = uri.text;
  const std::string mode = listens ? "listener" : "caller";
  if (source.uri.ends_with('?') || source.uri.ends_with('&')) source.uri.pop_back();
  if (!said) source.uri += (uri.query.empty() ? "?mode=" : "&mode=") + mode;
  if (!listens)
    source.host = uri.host;
  else
    source.listens = uri.host.empty() ? "0.0.0.0" : uri.host;
  source.shown = "srt://" + uri.authority() + (listens ? " (listening)" : "");
  return source;
}

}  // namespace

tl::expected<LiveSource, std::string> parse_live_source(std::string_view text) {
  const auto uri = parse_live_uri(text);
  if (!uri) return tl::unexpected(uri.error());
  if (uri->scheme == "test") return parse_test(*uri);
  if (uri->scheme == "v4l2") return parse_device(*uri);
  if (uri->scheme == "srt") return parse_srt(*uri);
  return parse_rtsp(*uri);
}

bool sounds_at(const TestSource& source, Nanoseconds t) {
  constexpr Nanoseconds kBeep = 800ms;
  if (!source.tone) return false;
  if (source.talk.empty()) return t % 1s < kBeep;
  return std::any_of(source.talk.begin(), source.talk.end(), [&](const Interval& talk) {
    return talk.contains(t) && (t - talk.from) % 1s < kBeep;
  });
}

Nanoseconds pause_before_retry(int failures) {
  constexpr Nanoseconds kFirst = 1s;
  constexpr Nanoseconds kLongest = 30s;
  constexpr int kDoublings = 5;
  return std::min(kLongest, kFirst * (1 << std::clamp(failures - 1, 0, kDoublings)));
}

}  // namespace rostrum
