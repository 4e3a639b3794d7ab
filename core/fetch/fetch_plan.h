// SPDX-License-Identifier: LGPL-2.1-or-later
// Which remote media of a job are fetched, under which names, and the job as it is afterwards.
#pragma once

#include "core/fetch/host_rules.h"
#include "core/manifest.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// One place of an asset's content.
struct RemoteFile {
  std::string url;
  std::string path;  // below the target folder: "media/camera-501-1.0f3c9a17.mp4"
  bool hls = false;  // the URL is that of a playlist, the file what its segments become

  friend bool operator==(const RemoteFile&, const RemoteFile&) = default;
};

// An asset that has no local form: one of its places is enough.
struct WantedAsset {
  std::string id;
  std::string sha256;              // as the job declares it
  std::vector<RemoteFile> places;  // in the order they are to be tried
  std::string problem;             // why there is none, a clause
};

struct FetchPlan {
  std::vector<WantedAsset> assets;
  Manifest job;  // with local paths; the URLs stay as alternatives
  Problems
      problems;  // what has to be put right first: hosts that are not allowed, URLs that are none
};

// `is_there`: whether a local URI of the job is the name of a file.  The plan does not depend on
// what has been fetched already, so that the same command goes on after an interruption.
FetchPlan plan_fetch(Manifest job, const HostRules& rules,
                     const std::function<bool(const std::string& uri)>& is_there);

// Names this file of the asset before its other places.
void put_first(Manifest& job, const std::string& asset, const std::string& path);

// Whether two texts of manifests say the same but for the order of the places of their assets,
// which depends on what was found in them.
bool same_but_for_order(std::string_view a, std::string_view b);

// The place's file turned out to get another name.
void rename_file(FetchPlan& plan, const RemoteFile& place, const std::string& path);

// The name that a URL's content gets: readable by the asset's id, and another one for another URL.
std::string file_name_for(const std::string& asset, const Url& url);

bool is_hls(const Url& url);

}  // namespace rostrum
