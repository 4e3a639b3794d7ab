// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/assets.h"

#include "core/fetch/url.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <filesystem>
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

std::string sha256_of(const File& file, const std::stop_token& stop) {
  constexpr std::size_t kBlock = 1 << 18;
  const std::unique_ptr<GChecksum, Freed<g_checksum_free>> sum{g_checksum_new(G_CHECKSUM_SHA256)};
  std::uint64_t at = 0;
  for (auto block = file.read(at, kBlock); !block.empty() && !stop.stop_requested();
       block = file.read(at, kBlock)) {
    g_checksum_update(sum.get(), block.data(), static_cast<gssize>(block.size()));
    at += block.size();
  }
  return g_checksum_get_string(sum.get());
}

// A file of a media folder.
struct Copy {
  fs::path named;
  fs::path real;
};

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
  std::string outside(const fs::path& named, const fs::path& real) const;
  std::string problem_of(const fs::path& path, const std::string& sha256);
  void refuse(const Candidate& candidate, std::string why) {
    result_.problems.push_back({candidate.pointer, std::move(why)});
  }

  fs::path base_;
  std::vector<fs::path> roots_;
  std::vector<fs::path> media_dirs_;
  std::map<std::string, std::vector<Copy>> copies_;  // in the media folders, by file name
  std::map<fs::path, std::string> taken_;            // local copy -> asset it stands for
  std::string asset_;                                // the one being added
  std::stop_token stop_;
  AssetSearch result_;
};

std::vector<fs::path> real_paths(const std::vector<std::string>& folders) {
  std::vector<fs::path> paths;
  for (const auto& folder : folders) paths.push_back(real_path(folder));
  return paths;
}

bool below_any(const fs::path& path, const std::vector<fs::path>& roots) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](const auto& root) { return lies_below(path, root); });
}

Search::Search(const AssetOptions& options)
    : base_{real_path(options.base_dir.empty() ? "." : options.base_dir)},
      roots_{real_paths(options.allowed_roots)},
      media_dirs_{real_paths(options.media_dirs)},
      stop_{options.stop} {
  roots_.insert(roots_.begin(), base_);
  auto readable = roots_;
  readable.insert(readable.end(), media_dirs_.begin(), media_dirs_.end());
  result_.files = MediaFiles{readable};
  for (const auto& dir : media_dirs_) {
    std::error_code error;
    auto entries =
        fs::recursive_directory_iterator(dir, fs::directory_options::skip_permission_denied, error);
    for (; !error && entries != fs::end(entries); entries.increment(error)) {
      auto& copies = copies_[entries->path().filename().string()];
      const auto real = real_path(entries->path());
      if (std::none_of(copies.begin(), copies.end(), [&](const auto& c) { return c.real == real; }))
        copies.push_back({entries->path(), real});
    }
  }
}

bool Search::allowed(const fs::path& path) const { return below_any(path, roots_); }

// Why a path is refused, and what helps.
std::string Search::outside(const fs::path& named, const fs::path& real) const {
  const auto plain = named.lexically_normal();
  const bool by_link = below_any(plain, roots_) || below_any(plain, media_dirs_);
  return "asset \"" + asset_ + "\": " +
         (by_link ? plain.string() + " is a link, or lies behind one, that leads to " : "") +
         real.string() + (by_link ? ", which lies outside " : " lies outside ") + base_.string() +
         "; allow it with --allow-root " + real.parent_path().string();
}

// What speaks against reading a file; the search goes on with those against which nothing does.
std::string Search::problem_of(const fs::path& path, const std::string& sha256) {
  const auto file = result_.files.admit(path);
  if (!file) return file.error().message;
  if (!sha256.empty() && g_ascii_strcasecmp(sha256_of(*file, stop_).c_str(), sha256.c_str()) != 0)
    return "it is damaged: its SHA-256 is not the declared one";
  return {};
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
    refuse(candidate, candidate.uri + " is ambiguous: both " + found->second[0].real.string() +
                          " and " + found->second[1].real.string() + " have its name");
    return {};
  }
  const auto& [named, path] = found->second.front();
  if (!allowed(path) && !below_any(path, media_dirs_)) {
    refuse(candidate, outside(named, path));
    return {};
  }
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
  refuse(candidate, outside(*named, path));
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
    const auto problem = problem_of(*path, asset.sha256);
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
