// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/opencast.h"

#include "core/import/film_parts.h"
#include "core/import/ids.h"
#include "core/import/opencast_choice.h"
#include "core/import/opencast_package.h"
#include "core/import/opencast_smil.h"
#include "core/import/xml_text.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

using opencast::Package;
using opencast::Part;
using opencast::Sources;
using opencast::Track;

using Catalogs = std::map<std::string, std::string, std::less<>>;

constexpr const char* kPerson = "presenter";

// Where a file stands in the recording.
struct Placed {
  const Track* track = nullptr;
  Nanoseconds begin{0};
  std::optional<Nanoseconds> duration;
};

class ManifestMaker {
 public:
  ManifestMaker(const Package& package, const Sources& sources, FilmParts film,
                const UriRewriter& uri_for)
      : package_{package}, sources_{sources}, film_{std::move(film)}, uri_for_{uri_for} {}

  // Nothing: more than a manifest may hold.
  std::optional<Manifest> make(const std::vector<Part>& parts) {
    manifest_.title = package_.title;
    constexpr Nanoseconds kUnknown = std::chrono::hours{kLongestHours};
    if (film_.duration() < kUnknown) manifest_.duration = film_.duration();
    add_person();
    for (const auto& group : sources_.groups) add_group(group, parts);
    return clips_ <= kMostClips ? std::optional{std::move(manifest_)} : std::nullopt;
  }

 private:
  void add_person() {
    if (package_.creators.empty()) return;
    std::string names;
    for (const auto& name : package_.creators) names += (names.empty() ? "" : ", ") + name;
    if (names.size() > kTitleBytes) names = package_.creators.front();
    manifest_.people.push_back({kPerson, std::move(names), Role::presenter});
  }

  static TrackKind kind_of(const opencast::Group& group) {
    if (group.role == opencast::Role::screen)
      return group.has_video ? TrackKind::screen : TrackKind::audio;
    return group.has_video ? TrackKind::camera : TrackKind::microphone;
  }

  void add_group(const opencast::Group& group, const std::vector<Part>& parts) {
    std::vector<Placed> placed;
    for (const auto* track : group.tracks) place(*track, parts, placed);
    std::stable_sort(placed.begin(), placed.end(),
                     [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
    rostrum::Track made;
    made.kind = kind_of(group);
    made.id = track_ids_.make("", group.tracks.front()->flavor.type);
    const bool voice = made.kind == TrackKind::camera || made.kind == TrackKind::microphone;
    if (voice && !manifest_.people.empty()) made.person = kPerson;
    for (const auto& file : placed) add_clips(file, group.muted, made);
    if (!made.clips.empty()) manifest_.tracks.push_back(std::move(made));
  }

  // Once for each part of the recording that it holds; without any word on that, from 0 on.
  static void place(const Track& track, const std::vector<Part>& parts,
                    std::vector<Placed>& placed) {
    const auto before = placed.size();
    for (const auto& part : parts)
      if (opencast::is_of(part, track))
        placed.push_back({&track, part.begin, part.duration ? part.duration : track.duration});
    if (placed.size() == before) placed.push_back({&track, 0ns, track.duration});
  }

  void add_clips(const Placed& file, bool muted, rostrum::Track& track) {
    constexpr Nanoseconds kLatest = std::chrono::hours{kLongestHours};
    const Interval whole{file.begin, file.duration ? std::min(kLatest, file.begin + *file.duration)
                                                   : film_.log_end()};
    for (const auto& piece : film_.pieces(whole)) {
      if (++clips_ > kMostClips) return;
      Clip clip;
      clip.asset = asset(*file.track);
      clip.start = piece.film;
      clip.in = piece.log.from - file.begin;
      // to the medium's own end where nothing cuts it
      if (file.duration || piece.log.to < whole.to) clip.duration = piece.log.to - piece.log.from;
      if (muted) clip.muted = {{clip.start, clip.start + piece.log.to - piece.log.from}};
      cut(track, clip.start);
      track.clips.push_back(std::move(clip));
    }
  }

  // Of files that overlap the later cuts the earlier.
  static void cut(rostrum::Track& track, Nanoseconds at) {
    while (!track.clips.empty() && track.clips.back().start >= at) track.clips.pop_back();
    if (track.clips.empty()) return;
    auto& last = track.clips.back();
    if (last.start + last.duration.value_or(0ns) > at) last.duration = at - last.start;
  }

  const std::string& asset(const Track& track) {
    const auto [known, added] = assets_.try_emplace(track.url);
    if (added) {
      known->second = asset_ids_.make("", track.flavor.type + "-" + track.flavor.subtype);
      manifest_.assets.push_back(
          {known->second, uri_for_ ? uri_for_(track.url) : track.url, {}, track.sha256});
    }
    return known->second;
  }

  const Package& package_;
  const Sources& sources_;
  FilmParts film_;
  const UriRewriter& uri_for_;
  Manifest manifest_;
  std::size_t clips_ = 0;
  Ids track_ids_;
  Ids asset_ids_;
  std::map<std::string, std::string> assets_;  // URL -> asset's id
};

// The catalog's text and what `read` makes of it; nothing, with a warning, if that fails.
template <typename Read>
auto read_catalog(const Package& package, const Catalogs& texts, std::string_view flavor,
                  Warnings& warnings, Read read)
    -> std::optional<typename decltype(read(std::string_view{}, std::string{}))::value_type> {
  const auto catalog =
      std::find_if(package.catalogs.begin(), package.catalogs.end(),
                   [&](const opencast::Catalog& c) { return c.flavor.text() == flavor; });
  if (catalog == package.catalogs.end()) return {};
  const auto text = texts.find(catalog->url);
  auto value = text == texts.end() ? tl::unexpected{std::string{"the file cannot be read"}}
                                   : read(std::string_view{text->second}, catalog->pointer);
  if (value) return std::move(*value);
  warnings.add("catalog", catalog->pointer + ": " + std::string{flavor} + ": " + value.error() +
                              "; it is not used");
  return {};
}

// How long all of the recording is, to the end of the last of its parts; nothing says it where no
// track does.
Nanoseconds recording_of(const Package& package, const std::vector<Part>& parts) {
  constexpr Nanoseconds kUnknown = std::chrono::hours{kLongestHours};
  auto longest = package.duration.value_or(0ns);
  for (const auto& track : package.tracks) {
    longest = std::max(longest, track.duration.value_or(0ns));
    for (const auto& part : parts) {
      if (!opencast::is_of(part, track)) continue;
      const auto lasts = part.duration ? part.duration : track.duration;
      longest = std::max(longest, lasts ? std::min(kUnknown, part.begin + *lasts) : kUnknown);
    }
  }
  return longest > 0ns ? longest : kUnknown;
}

std::vector<Interval> cuts_of(const Package& package, const Catalogs& texts, const Sources& sources,
                              Warnings& warnings) {
  if (sources.cut) return {};  // these are edited already
  for (const char* flavor : {opencast::kCuttingSmil, opencast::kSmil}) {
    auto cuts = read_catalog(package, texts, flavor, warnings, [&](auto text, auto pointer) {
      return opencast::read_cuts(text, pointer, warnings);
    });
    if (!cuts || cuts->empty()) continue;
    Nanoseconds all{0};
    for (const auto& part : *cuts) all += part.to - part.from;
    warnings.add("cuts", std::string{"/mediapackage: the film is what "} + flavor +
                             " left: " + std::to_string(cuts->size()) + " part" +
                             (cuts->size() == 1 ? "" : "s") + ", " + format_time(all));
    return *cuts;
  }
  return {};
}

}  // namespace

bool is_opencast(std::string_view xml) { return begins_with_element(xml, "mediapackage"); }

std::vector<std::string> opencast_catalogs(std::string_view xml) {
  Warnings unused;
  const auto package = opencast::read_package(xml, unused);
  std::vector<std::string> urls;
  if (!package) return urls;
  for (const auto& catalog : package->catalogs)
    if (opencast::is_read(catalog.flavor)) urls.push_back(catalog.url);
  return urls;
}

tl::expected<Imported, Problems> import_opencast(std::string_view xml, const Catalogs& catalogs,
                                                 const UriRewriter& uri_for) {
  Warnings warnings;
  auto package = opencast::read_package(xml, warnings);
  if (!package) return tl::unexpected{package.error()};
  const auto core = read_catalog(*package, catalogs, opencast::kDublinCore, warnings,
                                 [](auto text, auto) { return opencast::read_dublin_core(text); });
  if (core && !core->title.empty()) package->title = core->title;
  if (core && !core->creators.empty()) package->creators = core->creators;
  const auto sources = opencast::choose_sources(*package, warnings);
  auto film = cuts_of(*package, catalogs, sources, warnings);
  const auto parts = read_catalog(*package, catalogs, opencast::kPartialSmil, warnings,
                                  [&](auto text, auto pointer) {
                                    return opencast::read_parts(text, pointer, warnings);
                                  })
                         .value_or(std::vector<Part>{});
  if (film.empty()) film = {{0ns, recording_of(*package, parts)}};
  auto manifest = ManifestMaker{*package, sources, FilmParts{std::move(film)}, uri_for}.make(parts);
  if (!manifest)
    return tl::unexpected{
        Problems{{"/mediapackage", "more than " + std::to_string(kMostClips) + " clips"}}};
  return Imported{std::move(*manifest), warnings.take()};
}

}  // namespace rostrum
