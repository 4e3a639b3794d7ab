// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/otio.h"

#include "core/import/otio_job.h"
#include "core/import/otio_timeline.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

constexpr JsonLimits kLimits{
    .bytes = std::size_t{128} << 20, .depth = 64, .values = 20'000'000, .key_bytes = 4096};

// Takes "/PREFIX/17" from the front of a pointer.
std::optional<std::size_t> take_index(std::string_view& pointer, std::string_view prefix) {
  if (!pointer.starts_with(prefix)) return {};
  std::size_t index = 0;
  const auto* first = pointer.data() + prefix.size();
  const auto* last = pointer.data() + pointer.size();
  const auto [end, error] = std::from_chars(first, last, index);
  if (error != std::errc{} || (end != last && *end != '/')) return {};
  pointer.remove_prefix(static_cast<std::size_t>(end - pointer.data()));
  return index;
}

// The place in the timeline of what is wrong in the job that was made of it.
std::string place_of(std::string_view pointer, const otio::MadeJob& made,
                     const std::string& timeline) {
  const auto whole = std::string{pointer};
  const auto track = take_index(pointer, "/tracks/");
  if (!track || *track >= made.places.size()) return timeline + "/metadata/rostrum/job" + whole;
  const auto& place = made.places[*track];
  const auto clip = take_index(pointer, "/clips/");
  if (clip && *clip < place.clips.size())
    return place.clips[*clip] + "/metadata/rostrum/clip" + std::string{pointer};
  return place.track + "/metadata/rostrum/track" + std::string{pointer};
}

}  // namespace

bool is_otio(std::string_view json) {
  constexpr std::size_t kHead = 4096;
  const auto start = json.find_first_not_of("\xef\xbb\xbf \t\r\n");  // byte order mark, space
  if (start == json.npos || json[start] != '{') return false;
  return json.substr(start, kHead).find("\"OTIO_SCHEMA\"") != json.npos;
}

tl::expected<Imported, Problems> import_otio(std::string_view json, const UriRewriter& uri_for) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
  Findings findings;
  const auto document = read_json(json, findings, kLimits);
  if (!document) return tl::unexpected{findings.take()};
  Warnings warnings;
  for (const auto& problem : findings.take())  // of a whole document: duplicate keys only
    warnings.add("json", problem.pointer + ": " + problem.message + "; the first is used");
  const auto timeline = otio::read_timeline(*document, warnings);
  if (!timeline) return tl::unexpected{timeline.error()};
  const auto made = otio::make_job(*timeline, warnings, uri_for);
  auto manifest = parse_manifest(made.job.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (manifest) return Imported{std::move(*manifest), warnings.take()};
  auto problems = manifest.error();
  for (auto& problem : problems)
    problem.pointer = place_of(problem.pointer, made, timeline->pointer);
  return tl::unexpected{std::move(problems)};
}

}  // namespace rostrum
