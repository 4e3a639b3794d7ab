// SPDX-License-Identifier: LGPL-2.1-or-later
// The assets of a job that is made of an OpenTimelineIO timeline.  Internal to the importer.
#pragma once

#include "core/import/ids.h"
#include "core/import/imported.h"
#include "core/import/otio_timeline.h"
#include "core/json_text.h"

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

namespace rostrum::otio {

class Assets {
 public:
  // `kept`: those of the job that was exported; nullptr: none.
  Assets(const Json* kept, const UriRewriter& uri_for);

  // The id of the clip's medium; one that is not known yet, or that stands for another file by now,
  // gets an asset of its own.
  std::string of(const Clip& clip);
  Json take() { return std::move(assets_); }

 private:
  std::string rewritten(const std::string& url) const { return uri_for_ ? uri_for_(url) : url; }
  void rewrite(Json& asset) const;

  const UriRewriter& uri_for_;
  Json assets_;
  std::unordered_map<std::string, std::string> urls_;  // as exported, by id
  std::unordered_map<std::string, std::string> ids_;   // by URL
  Ids made_;
};

}  // namespace rostrum::otio
