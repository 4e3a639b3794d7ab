// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/otio_assets.h"

#include "core/export/exported.h"
#include "core/manifest_tracks.h"

#include <nlohmann/json.hpp>

namespace rostrum::otio {

Assets::Assets(const Json* kept, const UriRewriter& uri_for)
    : uri_for_{uri_for}, assets_(Json::object()) {
  if (!kept || !kept->is_object()) return;
  assets_ = *kept;
  for (auto& [id, asset] : assets_.get_ref<Json::object_t&>()) {
    const auto url = text_of(asset, "uri", kUriBytes);
    urls_.emplace(id, url);
    ids_.emplace(url, id);
    rewrite(asset);
  }
}

void Assets::rewrite(Json& asset) const {
  if (!asset.is_object()) return;  // reported when the job is read
  const auto to_target = [&](Json& uri) {
    if (auto* text = uri.get_ptr<Json::string_t*>()) *text = rewritten(*text);
  };
  if (const auto uri = asset.find("uri"); uri != asset.end()) to_target(*uri);
  if (const auto others = asset.find("alternatives"); others != asset.end() && others->is_array())
    for (auto& other : *others) to_target(other);
}

std::string Assets::of(const Clip& clip) {
  if (const auto kept = urls_.find(clip.asset); kept != urls_.end() && kept->second == clip.url)
    return clip.asset;
  const auto [known, added] = ids_.try_emplace(clip.url);
  if (!added) return known->second;
  const auto name = file_title(clip.url);
  do known->second = made_.make("", name.substr(0, name.rfind('.')));
  while (known->second.empty() || urls_.contains(known->second));
  Json asset{{"uri", rewritten(clip.url)}};
  for (const auto& other : clip.others) asset["alternatives"].push_back(rewritten(other));
  assets_.get_ref<Json::object_t&>().emplace_back(known->second, std::move(asset));
  return known->second;
}

}  // namespace rostrum::otio
