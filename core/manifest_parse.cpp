// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_rules.h"
#include "core/manifest_graphics.h"
#include "core/manifest_layout.h"
#include "core/manifest_names.h"
#include "core/manifest_outputs.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>
#include <utility>

namespace rostrum {

namespace {

constexpr int kVersion = 1;
constexpr int kLeastBitrate = 24;  // of any codec, kbit/s
constexpr int kMostBitrate = 510;
constexpr int kLeastSide = 16;
constexpr int kMostSide = 16384;
constexpr int kMostRate = 240;
// Keeps numerator x denominator x 10^9 within 64 bits, as core/timeline.h computes.
constexpr int kMostRateNumerator = 240'000;
constexpr int kMostRateDenominator = 10'000;

// Digits only, no sign; nothing for other text or more than fits.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::optional{value} : std::nullopt;
}

// "AxB" -> {A, B}, for any mark between; nothing unless both are numbers.
std::optional<std::pair<int, int>> two_numbers(std::string_view text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto first = digits(text.substr(0, at));
  const auto second = digits(text.substr(at + 1));
  if (!first || !second) return {};
  return std::pair{*first, *second};
}

void read_size(ObjectReader& reader, Canvas& canvas) {
  const auto text = reader.text("size", kIdBytes);
  if (!text) return;
  canvas.automatic = *text == "auto";
  if (canvas.automatic) return;
  const auto size = two_numbers(*text, 'x');
  if (!size) {
    reader.problem("size", "expected \"auto\" or \"WIDTHxHEIGHT\", found " + in_quotes(*text));
    return;
  }
  std::tie(canvas.width, canvas.height) = *size;
  for (const auto side : {canvas.width, canvas.height}) {
    if (side < kLeastSide || side > kMostSide)
      return reader.problem("size", "width and height must be from 16 to 16384 pixels");
    if (side % 2 != 0)
      return reader.problem("size", "width and height must be even, found " + in_quotes(*text));
  }
}

std::optional<Fraction> fraction(const Json& value) {
  std::optional<std::pair<int, int>> parts;
  if (const auto* text = value.get_ptr<const Json::string_t*>()) {
    parts = two_numbers(*text, '/');
    if (const auto number = digits(*text)) parts = std::pair{*number, 1};
  } else if (value.is_number()) {
    const auto number = value.get<double>();
    if (number == std::trunc(number) && std::abs(number) <= kMostRateNumerator)
      parts = std::pair{static_cast<int>(number), 1};
  }
  if (!parts) return {};
  const auto common = std::max(std::gcd(parts->first, parts->second), 1);
  return Fraction{parts->first / common, parts->second / common};
}

void read_rate(ObjectReader& reader, Canvas& canvas) {
  const auto* value = reader.find("rate");
  if (!value) return;
  const auto rate = fraction(*value);
  if (!rate) {
    reader.problem("rate", "expected frames per second like \"25\" or \"30000/1001\"");
    return;
  }
  const bool sane = rate->den >= 1 && rate->num >= rate->den && rate->num <= rate->den * kMostRate;
  if (!sane || rate->num > kMostRateNumerator || rate->den > kMostRateDenominator)
    reader.problem(
        "rate", "must be from 1 to 240 frames per second, as a fraction of at most 240000/10000");
  else
    canvas.rate = *rate;
}

class ManifestReader {
 public:
  explicit ManifestReader(Findings& findings) : findings_{findings} {}

  Manifest read(const Json& document) {
    ObjectReader reader{document, "", findings_};
    if (!document.is_object()) return {};
    version(reader);
    reader.text("$schema", kUriBytes);  // for editors
    manifest_.title = reader.text("title", kTitleBytes, Need::optional, true).value_or("");
    manifest_.duration = reader.duration("duration");
    canvas(reader);
    contents(reader);
    layout(reader);
    manifest_.chapters = reader.choice("chapters", kChapterSources);
    audio(reader);
    read_outputs(reader, manifest_);
    manifest_.on_damage = reader.choice("on-damage", kOnDamage).value_or(OnDamage::substitute);
    if (const auto* list = reader.array("scenes"))
      read_scenes(*list, reader.at("scenes"), findings_, manifest_);
    read_cards(reader, manifest_);
    read_logo(reader, manifest_);
    reader.finish();
    if (is_live(manifest_)) check_live(manifest_, findings_);
    return std::move(manifest_);
  }

 private:
  void version(ObjectReader& reader) {
    const auto* value = reader.find("rostrum");
    if (!value)
      findings_.add("", "the key \"rostrum\" is missing: a manifest begins with \"rostrum\": 1");
    else if (!value->is_number())
      reader.problem("rostrum", "expected the version 1, found " + type_of(*value));
    else if (*value != kVersion)
      reader.problem("rostrum",
                     "version " + value->dump() + " is unknown: this program reads version 1");
  }

  void canvas(ObjectReader& parent) {
    const auto* value = parent.find("canvas");
    if (!value) return;
    ObjectReader reader{*value, parent.at("canvas"), findings_};
    read_size(reader, manifest_.canvas);
    read_rate(reader, manifest_.canvas);
    read_color(reader, "background", manifest_.canvas.background);
    reader.finish();
  }

  void contents(ObjectReader& reader) {
    TracksReader tracks{manifest_, findings_};
    if (const auto* list = reader.array("people")) tracks.people(*list, reader.at("people"));
    if (const auto* object = reader.object("assets")) tracks.assets(*object, reader.at("assets"));
    if (const auto* list = reader.array("tracks", Need::required))
      tracks.tracks(*list, reader.at("tracks"));
  }

  void layout(ObjectReader& parent) {
    const auto* value = parent.find("layout");
    if (!value) return;
    ObjectReader reader{*value, parent.at("layout"), findings_};
    read_layout(reader, manifest_);
    reader.finish();
  }

  void audio(ObjectReader& parent) {
    const auto* value = parent.find("audio");
    if (!value) return;
    ObjectReader reader{*value, parent.at("audio"), findings_};
    auto& options = manifest_.audio;
    if (!off(reader, "loudness")) options.loudness = reader.number("loudness", -50, -5);
    options.true_peak = reader.number("true-peak", -20, 0);
    if (!off(reader, "range")) options.range = reader.number("range", 3, 30);
    options.level = reader.choice("level", kLevelling).value_or(false);
    options.duck = off(reader, "duck") ? 0 : reader.number("duck", -60, 0).value_or(options.duck);
    options.noise = read_noise(reader);
    coding(reader, options);
    reader.finish();
  }

  static void coding(ObjectReader& reader, AudioOptions& options) {
    options.codec = reader.choice("codec", kAudioCodecs);
    if (const auto channels = reader.integer("channels", 1, 2))
      options.channels = static_cast<int>(*channels);
    const auto bitrate = reader.integer("bitrate", kLeastBitrate, kMostBitrate);
    if (!bitrate) return;
    options.bitrate = static_cast<int>(*bitrate);
    if (!options.codec)
      reader.problem("bitrate", "say of which \"codec\"");
    else if (const auto range = bitrates(*options.codec, options.channels.value_or(kUsualChannels));
             !range)
      reader.problem("bitrate", "FLAC has none: it loses nothing; leave the key out");
    else if (*bitrate < range->least || *bitrate > range->most)
      reader.problem("bitrate", "must be from " + std::to_string(range->least) + " to " +
                                    std::to_string(range->most) +
                                    " for this codec and so many "
                                    "channels");
  }

  static bool off(ObjectReader& reader, std::string_view key) {
    const auto* value = reader.find(key);
    return value && *value == "off";
  }

  Findings& findings_;
  Manifest manifest_;
};

}  // namespace

tl::expected<Manifest, Problems> parse_manifest(std::string_view json) {
  Findings findings;
  const auto document = read_json(json, findings);
  if (!document) return tl::unexpected(findings.take());
  auto manifest = ManifestReader{findings}.read(*document);
  if (!findings.empty()) return tl::unexpected(findings.take());
  return manifest;
}

}  // namespace rostrum
