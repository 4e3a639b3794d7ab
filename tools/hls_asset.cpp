// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/hls_asset.h"

#include "core/fetch/hls_plan.h"
#include "engine/file.h"
#include "remux/remux.h"
#include "tools/remux_worker.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kAtOnce = 256;  // files that are handed to the loader together

// What is fetched already counts, too.
std::shared_ptr<std::uint64_t> allowance_of(const std::string& folder, std::uint64_t largest) {
  std::error_code error;
  for (const char* unfinished : {kWholeMp4, kWholeMatroska})
    fs::remove(folder + "/" + unfinished, error);
  fs::directory_iterator entry{folder, error};
  for (; !error && entry != fs::end(entry); entry.increment(error)) {
    std::error_code gone;
    const auto bytes = entry->file_size(gone);
    if (!gone) largest -= std::min<std::uint64_t>(largest, bytes);
  }
  return std::make_shared<std::uint64_t>(largest);
}

class Fetch {
 public:
  Fetch(const HlsAsset& asset, const DownloadOptions& options,
        const std::function<void(const DownloadState&)>& on_progress)
      : asset_{asset}, options_{options}, on_progress_{on_progress} {
    const fs::path path = asset.path;
    folder_ = (path.parent_path() / ("." + path.filename().string() + ".segments")).string();
  }

  Result<std::string> run() {
    const auto parts = find_parts();
    if (!parts) return tl::unexpected(parts.error());
    std::error_code error;
    fs::create_directory(folder_, error);
    if (error)
      return fail(Kind::internal, folder_ + ": this folder cannot be made: " + error.message());
    if (auto done = download(parts->resources); !done) return tl::unexpected(done.error());
    const auto whole = remux_by_worker(parts->job, folder_);
    if (!whole) return tl::unexpected(named(whole.error()));
    return commit(*whole);
  }

 private:
  using Playlist = std::variant<hls::MasterPlaylist, hls::MediaPlaylist>;

  Error named(const Error& error) const {
    if (error.kind != Kind::media) return error;
    return {error.kind, asset_.url.substr(0, asset_.url.find('?')) + ": " + error.message};
  }

  Result<Playlist> read_playlist(const std::string& url) const {
    const auto text = download_text(url, options_, hls::kLargestPlaylist);
    if (!text) return tl::unexpected(text.error());
    const auto refuse = [&](const std::string& why) {
      return fail(Kind::media, url.substr(0, url.find('?')) + ": " + why);
    };
    if (text->status >= 400)
      return refuse("the server answers with status " + std::to_string(text->status));
    auto playlist = hls::parse_playlist(text->text, text->url);
    if (!playlist) return refuse(playlist.error());
    return std::move(*playlist);
  }

  Result<hls::MediaPlaylist> read_segments(const std::string& url) const {
    auto playlist = read_playlist(url);
    if (!playlist) return tl::unexpected(playlist.error());
    if (auto* media = std::get_if<hls::MediaPlaylist>(&*playlist)) return std::move(*media);
    return fail(Kind::media,
                url.substr(0, url.find('?')) + ": a rendition is a list of renditions itself");
  }

  Result<hls::FetchedParts> find_parts() const {
    auto playlist = read_playlist(asset_.url);
    if (!playlist) return tl::unexpected(playlist.error());
    if (const auto* media = std::get_if<hls::MediaPlaylist>(&*playlist))
      return hls::plan_parts(*media, nullptr);
    const auto choice = hls::choose(std::get<hls::MasterPlaylist>(*playlist), asset_.canvas);
    const auto main = read_segments(choice.url.text());
    if (!main) return tl::unexpected(main.error());
    if (!choice.sound) return hls::plan_parts(*main, nullptr);
    const auto sound = read_segments(choice.sound->text());
    if (!sound) return tl::unexpected(sound.error());
    return hls::plan_parts(*main, &*sound);
  }

  // Hosts that are not allowed, all at once.
  Result<void> check_hosts(const std::vector<hls::Resource>& resources) const {
    std::set<std::string> whys;
    for (const auto& resource : resources)
      if (const auto url = parse_url(resource.url))
        if (auto why = options_.hosts.refusal(*url); !why.empty()) whys.insert(std::move(why));
    if (whys.empty()) return {};
    std::string text = asset_.url.substr(0, asset_.url.find('?')) + ": its segments: ";
    for (const auto& why : whys) text += (text.ends_with(": ") ? "" : "; ") + why;
    return fail(Kind::usage, text);
  }

  Result<void> download(const std::vector<hls::Resource>& resources) {
    if (auto fine = check_hosts(resources); !fine) return fine;
    const auto allowance = allowance_of(folder_, options_.largest_file);
    for (std::size_t first = 0; first < resources.size(); first += kAtOnce) {
      std::vector<DownloadRequest> requests;
      for (std::size_t i = first; i < std::min(first + kAtOnce, resources.size()); ++i)
        requests.push_back({resources[i].url, folder_ + "/" + resources[i].file, {}, allowance});
      const auto outcomes = download_all(requests, options_, [&](auto states) { report(states); });
      before_ = now_;
      for (const auto& outcome : outcomes)
        if (!outcome) return outcome;
    }
    return {};
  }

  void report(std::span<const DownloadState> states) {
    now_ = before_;
    now_.phase = DownloadState::Phase::running;
    for (const auto& state : states) {
      now_.bytes += state.bytes;
      now_.received += state.received;
    }
    on_progress_(now_);
  }

  Result<std::string> commit(const std::string& whole) {
    const auto matroska = fs::path{whole}.extension() == ".mkv";
    const auto path = matroska ? matroska_path(asset_.path) : asset_.path;
    if (auto done = rename_durably(whole, path); !done) return tl::unexpected(done.error());
    std::error_code error;
    fs::remove_all(folder_, error);
    return path;
  }

  const HlsAsset& asset_;
  const DownloadOptions& options_;
  const std::function<void(const DownloadState&)>& on_progress_;
  std::string folder_;
  DownloadState before_;  // of the files of the groups before
  DownloadState now_;
};

}  // namespace

std::string matroska_path(const std::string& path) {
  return fs::path{path}.replace_extension(".mkv").string();
}

Result<std::string> fetch_hls(const HlsAsset& asset, const DownloadOptions& options,
                              const std::function<void(const DownloadState&)>& on_progress) {
  std::error_code error;
  for (const auto& path : {asset.path, matroska_path(asset.path)})
    if (fs::is_regular_file(path, error)) return path;
  return Fetch{asset, options, on_progress}.run();
}

}  // namespace rostrum
