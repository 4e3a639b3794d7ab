// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/opencast_package.h"

#include "core/asset_uri.h"
#include "core/import/xml_text.h"
#include "core/initials.h"
#include "core/manifest_tracks.h"
#include "core/shortened.h"

#include <algorithm>
#include <utility>

namespace rostrum::opencast {

namespace {

constexpr std::size_t kMostTracks = 10'000;
constexpr std::size_t kMostCreators = 100;

std::string line_of(pugi::xml_node node, std::size_t bytes) {
  return shortened(single_line(node.text().get()), bytes);
}

// Milliseconds; nothing for none, or for more than a job may have.
std::optional<Nanoseconds> milliseconds(std::string_view text) {
  const auto number = whole_number(text);
  constexpr std::int64_t kMost = kLongestHours * 3'600'000;
  if (!number || *number <= 0 || *number > kMost) return {};
  return std::chrono::milliseconds{*number};
}

// "1280x720" -> its area; 0 for anything else.
std::int64_t area(const std::string& text) {
  const auto by = text.find('x');
  if (by == text.npos) return 0;
  const auto width = whole_number(std::string_view{text}.substr(0, by));
  const auto height = whole_number(std::string_view{text}.substr(by + 1));
  constexpr std::int64_t kMost = 1 << 20;
  if (!width || !height || *width < 0 || *width > kMost || *height < 0 || *height > kMost) return 0;
  return *width * *height;
}

class PackageReader {
 public:
  PackageReader(pugi::xml_node root, Warnings& warnings) : root_{root}, warnings_{warnings} {}

  Package read() {
    package_.title = line_of(child_named(root_, "title"), kTitleBytes);
    package_.duration = milliseconds(root_.attribute("duration").value());
    for (const auto creator : child_named(root_, "creators").children())
      if (auto name = line_of(creator, kTitleBytes);
          !name.empty() && package_.creators.size() < kMostCreators)
        package_.creators.push_back(std::move(name));
    each("media", "track",
         [this](pugi::xml_node node, std::string pointer) { track(node, std::move(pointer)); });
    each("metadata", "catalog",
         [this](pugi::xml_node node, std::string pointer) { catalog(node, std::move(pointer)); });
    return std::move(package_);
  }

 private:
  template <typename Read>
  void each(const char* list, const char* item, Read read) {
    std::size_t number = 0;
    for (const auto node : child_named(root_, list).children()) {
      if (local_name(node) != item) continue;
      if (++number > kMostTracks) return;
      read(node,
           "/mediapackage/" + std::string{list} + "/" + item + "[" + std::to_string(number) + "]");
    }
  }

  // "" is told.
  std::string url_of(pugi::xml_node node, const std::string& pointer) {
    std::string url = child_named(node, "url").text().get();
    if (!url.empty() && url.size() <= kUriBytes && is_asset_uri(url)) return url;
    warnings_.add("url", pointer +
                             ": without a path or a file:, http: or https: URL; it is "
                             "left out");
    return {};
  }

  void track(pugi::xml_node node, std::string pointer) {
    Track track;
    track.flavor = Flavor::of(node.attribute("type").value());
    track.url = url_of(node, pointer);
    if (track.url.empty()) return;
    track.pointer = std::move(pointer);
    track.id = shortened(single_line(node.attribute("id").value()), kIdBytes);
    const auto checksum = child_named(node, "checksum");
    std::string kind = checksum.attribute("type").value();
    std::erase(kind, '-');
    if (kind == "sha256" || kind == "SHA256")
      track.sha256 = read_sha256(checksum.text().get()).value_or("");
    track.duration = milliseconds(child_named(node, "duration").text().get());
    const auto video = child_named(node, "video");
    track.pixels = area(child_named(video, "resolution").text().get());
    track.has_video = !video.empty();
    track.has_audio = !child_named(node, "audio").empty();
    // not inspected yet: as its type says
    const std::string_view type = child_named(node, "mimetype").text().get();
    if (!track.has_video && !track.has_audio) {
      track.has_audio = type.starts_with("audio/");
      track.has_video = !track.has_audio && !type.starts_with("text/");
    }
    package_.tracks.push_back(std::move(track));
  }

  void catalog(pugi::xml_node node, std::string pointer) {
    Catalog catalog{pointer, Flavor::of(node.attribute("type").value()), url_of(node, pointer)};
    if (!catalog.url.empty()) package_.catalogs.push_back(std::move(catalog));
  }

  pugi::xml_node root_;
  Warnings& warnings_;
  Package package_;
};

}  // namespace

Flavor Flavor::of(std::string_view text) {
  const auto clean = shortened(single_line(text), kIdBytes);
  const auto slash = std::min(clean.find('/'), clean.size());
  return {clean.substr(0, slash), slash < clean.size() ? clean.substr(slash + 1) : ""};
}

tl::expected<Package, Problems> read_package(std::string_view xml, Warnings& warnings) {
  pugi::xml_document document;
  if (auto problem = load_xml(document, xml, "media package"))
    return tl::unexpected{Problems{{"", std::move(*problem)}}};
  const auto root = document.document_element();
  if (local_name(root) != "mediapackage")
    return tl::unexpected{Problems{{"", "expected a media package of Opencast: <mediapackage>"}}};
  return PackageReader{root, warnings}.read();
}

tl::expected<DublinCore, std::string> read_dublin_core(std::string_view xml) {
  pugi::xml_document document;
  if (auto problem = load_xml(document, xml, "catalog")) return tl::unexpected{*problem};
  const auto root = document.document_element();
  if (local_name(root) != "dublincore") return tl::unexpected{std::string{"is no Dublin Core"}};
  DublinCore found;
  found.title = line_of(child_named(root, "title"), kTitleBytes);
  for (const auto node : root.children())
    if (auto name = line_of(node, kTitleBytes);
        local_name(node) == "creator" && !name.empty() && found.creators.size() < kMostCreators)
      found.creators.push_back(std::move(name));
  return found;
}

}  // namespace rostrum::opencast
