// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/assets.h"

#include "lib/gst_ptr.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// "/assets/a~1b/uri": RFC 6901 escapes ~ and /.
std::string pointer_to(const std::string& id, const std::string& rest) {
  std::string pointer = "/assets/";
  for (const char c : id) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
  return pointer + "/" + rest;
}

bool is_remote(std::string_view uri) {
  return uri.starts_with("http://") || uri.starts_with("https://");
}

std::optional<std::string> percent_decoded(const std::string& text) {
  const GCharPtr decoded{g_uri_unescape_string(text.c_str(), nullptr)};
  if (!decoded) return {};
  return std::string{decoded.get()};
}

// The path of a file: URI, absolute or relative; nothing if it names another host or is not
// well-formed.
std::optional<std::string> path_of_file_uri(std::string rest) {
  if (rest.starts_with("//")) {
    const auto slash = rest.find('/', 2);
    if (slash == rest.npos) return {};
    const auto host = rest.substr(2, slash - 2);
    if (!host.empty() && host != "localhost") return {};
    rest.erase(0, slash);
  }
  return percent_decoded(rest);
}

// Every link followed; of a path that does not exist, in its part that does.
fs::path real_path(const fs::path& path) {
  std::error_code error;
  auto real = fs::weakly_canonical(path, error);
  return error ? fs::absolute(path, error).lexically_normal() : real;
}

bool lies_below(const fs::path& path, const fs::path& root) {
  const auto relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// The last component of a URL's path, decoded; "" if there is none.
std::string file_name_of_url(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto path = url.substr(0, url.find_first_of("?#"));
  const auto slash = path.rfind('/');
  if (slash == path.npos || slash < host) return {};
  return percent_decoded(path.substr(slash + 1)).value_or("");
}

std::string sha256_of(const fs::path& path, const std::stop_token& stop) {
  const std::unique_ptr<GChecksum, Freed<g_checksum_free>> sum{g_checksum_new(G_CHECKSUM_SHA256)};
  std::ifstream file{path, std::ios::binary};
  std::array<char, 1 << 16> block;
  while (file.read(block.data(), block.size()), file.gcount() > 0 && !stop.stop_requested())
    g_checksum_update(sum.get(), reinterpret_cast<const guchar*>(block.data()), file.gcount());
  return g_checksum_get_string(sum.get());
}

// What speaks against opening a file that is there.
std::string problem_of(const fs::path& path, const std::string& sha256,
                       const std::stop_token& stop) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return "it is missing";
  if (S_ISDIR(status.st_mode)) return "it is a folder";
  if (S_ISFIFO(status.st_mode)) return "it is a pipe, not a file";
  if (!S_ISREG(status.st_mode)) return "it is a device, not a file";
  if (!sha256.empty() && g_ascii_strcasecmp(sha256_of(path, stop).c_str(), sha256.c_str()) != 0)
    return "it is damaged: its SHA-256 is not the declared one";
  return {};
}

// One place where an asset's content may be.
struct Candidate {
  std::string uri;
  std::string pointer;
  bool alternative = false;
};

class Search {
 public:
  explicit Search(const AssetOptions& options);

  void add(const Asset& asset);
  AssetSearch take() { return std::move(result_); }

 private:
  std::optional<fs::path> local_path(const Candidate& candidate);
  std::optional<fs::path> path_of_uri(const Candidate& candidate);
  std::optional<fs::path> local_copy(const Candidate& candidate);
  bool allowed(const fs::path& path) const;
  void refuse(const Candidate& candidate, std::string why) {
    result_.problems.push_back({candidate.pointer, std::move(why)});
  }

  fs::path base_;
  std::vector<fs::path> roots_;
  std::map<std::string, std::vector<fs::path>> copies_;  // in the media folders, by file name
  std::map<fs::path, std::string> taken_;                // local copy -> asset it stands for
  std::string asset_;                                    // the one being added
  std::stop_token stop_;
  AssetSearch result_;
};

Search::Search(const AssetOptions& options)
    : base_{real_path(options.base_dir.empty() ? "." : options.base_dir)},
      roots_{base_},
      stop_{options.stop} {
  for (const auto& root : options.allowed_roots) roots_.push_back(real_path(root));
  for (const auto& dir : options.media_dirs) {
    std::error_code error;
    auto entries = fs::recursive_directory_iterator(
        real_path(dir), fs::directory_options::skip_permission_denied, error);
    for (; !error && entries != fs::end(entries); entries.increment(error)) {
      auto& paths = copies_[entries->path().filename().string()];
      const auto path = real_path(entries->path());
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
    }
  }
}

bool Search::allowed(const fs::path& path) const {
  return std::any_of(roots_.begin(), roots_.end(),
                     [&](const auto& root) { return lies_below(path, root); });
}

std::optional<fs::path> Search::path_of_uri(const Candidate& candidate) {
  const auto& uri = candidate.uri;
  if (uri.starts_with("file:")) {
    const auto path = path_of_file_uri(uri.substr(5));
    if (!path) refuse(candidate, uri + " is no URI of a file on this machine");
    return path ? std::optional{base_ / *path} : std::nullopt;
  }
  if (uri.find("://") != uri.npos || uri.starts_with("data:")) {
    refuse(candidate, uri + ": only files and http(s) URLs can be assets");
    return {};
  }
  // A relative URI may be percent-encoded, but most people write plain names.
  if (const auto decoded = percent_decoded(uri);
      decoded && !is_there(base_ / uri) && is_there(base_ / *decoded))
    return base_ / *decoded;
  return base_ / uri;
}

std::optional<fs::path> Search::local_copy(const Candidate& candidate) {
  const auto found = copies_.find(file_name_of_url(candidate.uri));
  if (found == copies_.end()) return {};
  if (found->second.size() > 1) {
    refuse(candidate, candidate.uri + " is ambiguous: both " + found->second[0].string() + " and " +
                          found->second[1].string() + " have its name");
    return {};
  }
  const auto& path = found->second.front();
  if (const auto& owner = taken_.try_emplace(path, asset_).first->second; owner != asset_) {
    refuse(candidate, candidate.uri + " is ambiguous: " + path.string() +
                          " would stand for the asset \"" + owner + "\", too");
    return {};
  }
  return path;
}

// Nothing: this candidate is out, and if that is an error it has been noted.
std::optional<fs::path> Search::local_path(const Candidate& candidate) {
  if (is_remote(candidate.uri)) return local_copy(candidate);
  const auto named = path_of_uri(candidate);
  if (!named) return {};
  auto path = real_path(*named);
  if (allowed(path)) return path;
  refuse(candidate, path.string() + " lies outside " + base_.string() +
                        "; allow it with --allow-root " + path.parent_path().string());
  return {};
}

void Search::add(const Asset& asset) {
  asset_ = asset.id;
  std::vector<Candidate> candidates{{asset.uri, pointer_to(asset.id, "uri")}};
  for (std::size_t i = 0; i < asset.alternatives.size(); ++i)
    candidates.push_back(
        {asset.alternatives[i], pointer_to(asset.id, "alternatives/" + std::to_string(i)), true});

  const auto problems_before = result_.problems.size();
  ResolvedAsset chosen;
  chosen.id = asset.id;
  chosen.uri = asset.uri;
  bool has_local_form = false;
  for (const auto& candidate : candidates) {
    const auto path = local_path(candidate);
    if (!path) continue;
    const auto problem = problem_of(*path, asset.sha256, stop_);
    // The first that is fine; if none is, the first of all says what is wrong.
    if (has_local_form && (chosen.problem.empty() || !problem.empty())) {
      if (problem.empty()) chosen.others.push_back(path->string());
      continue;
    }
    has_local_form = true;
    chosen.path = path->string();
    chosen.problem = problem;
    chosen.uri = candidate.uri;
    chosen.remote = is_remote(candidate.uri);
  }
  if (!has_local_form) {
    chosen.remote = is_remote(asset.uri);
    chosen.problem = "it has no local copy";
    if (result_.problems.size() == problems_before)
      refuse(candidates.front(), asset.uri +
                                     " has no local copy; name the folder that holds one with "
                                     "--media DIR");
  }
  result_.assets.push_back(std::move(chosen));
}

}  // namespace

AssetSearch search_assets(const Manifest& manifest, const AssetOptions& options) {
  Search search{options};
  for (const auto& asset : manifest.assets) search.add(asset);
  return search.take();
}

tl::expected<std::vector<ResolvedAsset>, Problems> resolve_assets(const Manifest& manifest,
                                                                  const AssetOptions& options) {
  auto found = search_assets(manifest, options);
  if (!found.problems.empty()) return tl::unexpected(std::move(found.problems));
  return std::move(found.assets);
}

}  // namespace rostrum
