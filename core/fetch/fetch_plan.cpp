// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/fetch_plan.h"

#include "core/findings.h"
#include "core/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <unordered_map>

namespace rostrum {

namespace {

constexpr const char* kFolder = "media/";

// FNV-1a (Fowler, Noll, Vo), 32 bits: tells apart the URLs of one folder, nothing more.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

std::string extension_of(const Url& url) {
  const auto name = url.file_name();
  const auto dot = name.rfind('.');
  if (dot == name.npos) return {};
  const auto extension = name.substr(dot + 1);
  const bool plain =
      !extension.empty() && extension.size() <= 5 &&
      std::all_of(extension.begin(), extension.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      });
  return plain ? "." + std::string{extension} : "";
}

// An id as part of a file's name: short, visible, without what paths or URIs are made of.
std::string name_part(const std::string& id) {
  constexpr std::size_t kMostBytes = 80;
  std::string name;
  for (const auto c : code_points(id)) {
    const bool special = is_control(c) || c == 0xfffd ||
                         std::u32string_view{U" /\\%:?#"}.find(c) != std::u32string_view::npos;
    std::string next;
    append_utf8(next, special ? U'_' : c);
    if (name.size() + next.size() > kMostBytes) break;
    name += next;
  }
  if (name.starts_with('.')) name.front() = '_';  // hidden files are the unfinished ones
  return name;
}

class Planner {
 public:
  Planner(const HostRules& rules, const std::function<bool(const std::string&)>& is_there)
      : rules_{rules}, is_there_{is_there} {}

  FetchPlan plan(Manifest job) {
    for (auto& asset : job.assets) add(asset);
    result_.job = std::move(job);
    return std::move(result_);
  }

 private:
  void add(Asset& asset) {
    std::vector<std::string> uris{asset.uri};
    uris.insert(uris.end(), asset.alternatives.begin(), asset.alternatives.end());
    if (std::none_of(uris.begin(), uris.end(), [](const auto& uri) { return is_remote(uri); }))
      return;
    WantedAsset wanted{asset.id, asset.sha256, {}, {}};
    Problems refused;
    std::vector<std::string> local;
    for (std::size_t i = 0; i < uris.size(); ++i) {
      if (!is_remote(uris[i])) {
        local.push_back(uris[i]);
        continue;
      }
      const auto pointer =
          pointer_to(pointer_to("/assets", asset.id), i == 0 ? "uri" : "alternatives");
      const auto file =
          place(asset.id, uris[i], i == 0 ? pointer : pointer_to(pointer, i - 1), wanted, refused);
      if (file) local.push_back(file->path);
    }
    rewrite(asset, uris, local);
    if (have_local(uris)) return;
    if (wanted.places.empty() && !refused.empty())
      result_.problems.insert(result_.problems.end(), refused.begin(), refused.end());
    else
      result_.assets.push_back(std::move(wanted));
  }

  // Where an URL's content goes; nothing: it is not fetched.
  std::optional<RemoteFile> place(const std::string& id, const std::string& uri,
                                  std::string pointer, WantedAsset& wanted, Problems& refused) {
    const auto url = parse_url(uri);
    const auto why = url ? rules_.refusal(*url) : url.error();
    if (!why.empty()) {
      refused.push_back({std::move(pointer), in_quotes(uri) + ": " + why});
      return {};
    }
    if (is_hls(*url) && !wanted.sha256.empty()) {
      if (wanted.places.empty())
        wanted.problem =
            "it is there as an HLS playlist only, whose content has no sha256 as the job declares "
            "it; leave that out";
      return {};
    }
    wanted.problem.clear();
    const auto [known, added] = paths_.try_emplace(url->text());
    if (added) known->second = kFolder + file_name_for(id, *url);
    wanted.places.push_back({url->text(), known->second, is_hls(*url)});
    return wanted.places.back();
  }

  bool have_local(const std::vector<std::string>& uris) const {
    return std::any_of(uris.begin(), uris.end(),
                       [&](const auto& uri) { return !is_remote(uri) && is_there_(uri); });
  }

  // Local forms first; the URLs stay, so that what gets lost can be fetched again.
  static void rewrite(Asset& asset, const std::vector<std::string>& uris,
                      std::vector<std::string> local) {
    if (local.empty()) return;
    for (const auto& uri : uris)
      if (is_remote(uri)) local.push_back(uri);
    asset.uri = local.front();
    asset.alternatives.clear();
    for (std::size_t i = 1; i < local.size(); ++i)
      if (std::find(local.begin(), local.begin() + static_cast<std::ptrdiff_t>(i), local[i]) ==
          local.begin() + static_cast<std::ptrdiff_t>(i))
        asset.alternatives.push_back(local[i]);
  }

  const HostRules& rules_;
  const std::function<bool(const std::string&)>& is_there_;
  std::unordered_map<std::string, std::string> paths_;  // by URL
  FetchPlan result_;
};

}  // namespace

bool is_hls(const Url& url) { return extension_of(url) == ".m3u8"; }

std::string file_name_for(const std::string& asset, const Url& url) {
  char hash[16];
  std::snprintf(hash, sizeof hash, ".%08x", static_cast<unsigned>(hash_of(url.text())));
  return name_part(asset) + hash + (is_hls(url) ? ".mp4" : extension_of(url));
}

void put_first(Manifest& job, const std::string& asset, const std::string& path) {
  for (auto& candidate : job.assets) {
    if (candidate.id != asset || candidate.uri == path) continue;
    auto& others = candidate.alternatives;
    const auto place = std::find(others.begin(), others.end(), path);
    if (place == others.end()) continue;
    std::rotate(others.begin(), place, place + 1);
    std::swap(candidate.uri, others.front());
  }
}

bool same_but_for_order(std::string_view a, std::string_view b) {
  const auto in_order = [](std::string_view text) -> std::optional<std::string> {
    auto job = parse_manifest(text);
    if (!job) return {};
    for (auto& asset : job->assets) {
      asset.alternatives.push_back(asset.uri);
      std::sort(asset.alternatives.begin(), asset.alternatives.end());
      asset.uri = asset.alternatives.back();
      asset.alternatives.pop_back();
    }
    return write_manifest(*job);
  };
  const auto first = in_order(a);
  return first && first == in_order(b);
}

void rename_file(FetchPlan& plan, const RemoteFile& place, const std::string& path) {
  const auto rename = [&](std::string& text) {
    if (text == place.path) text = path;
  };
  for (auto& asset : plan.job.assets) {
    rename(asset.uri);
    std::for_each(asset.alternatives.begin(), asset.alternatives.end(), rename);
  }
}

FetchPlan plan_fetch(Manifest job, const HostRules& rules,
                     const std::function<bool(const std::string& uri)>& is_there) {
  return Planner{rules, is_there}.plan(std::move(job));
}

}  // namespace rostrum
