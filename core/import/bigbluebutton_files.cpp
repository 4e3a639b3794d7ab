// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/bigbluebutton_files.h"

#include "core/import/xml_text.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace rostrum::bigbluebutton {

namespace {

constexpr const char* kDeckFolders[] = {"presentation", "presentations"};
constexpr std::size_t kTimeDigits = 13;  // milliseconds since 1970

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view stem_of(std::string_view path) {
  const auto name = name_of(path);
  return name.substr(0, name.rfind('.'));
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/')); }

// Below a folder, without steps out of it.
bool is_clean(std::string path) {
  if (path.find('/') == path.npos) return false;
  for (auto slash = path.rfind('/'); slash != path.npos; slash = path.rfind('/')) {
    if (file_name(path).empty()) return false;
    path.resize(slash);
  }
  return !file_name(path).empty();
}

// The time at the end of "…-1302878866527.wav".
std::optional<std::int64_t> time_of(std::string_view path) {
  const auto stem = stem_of(path);
  if (stem.size() <= kTimeDigits || stem[stem.size() - kTimeDigits - 1] != '-') return {};
  return whole_number(stem.substr(stem.size() - kTimeDigits));
}

}  // namespace

Files::Files(const std::vector<std::string>& paths) {
  auto sorted = paths;
  std::sort(sorted.begin(), sorted.end());
  for (const auto& path : sorted) {
    if (!is_clean(path)) continue;
    const auto top = path.substr(0, path.find('/'));
    paths_.insert(path);
    by_name_[top].emplace(name_of(path), path);
    by_stem_[top].emplace(stem_of(path), path);
    if (path.ends_with(".pdf")) pdfs_.emplace(folder_of(path), path);
  }
}

std::string Files::of(const Medium& medium) const {
  const auto* folder = bigbluebutton::folder_of(medium.source);
  const auto find = [&](const auto& index, std::string_view name) -> const std::string* {
    const auto files = index.find(folder);
    if (files == index.end()) return nullptr;
    const auto file = files->second.find(name);
    return file == files->second.end() ? nullptr : &file->second;
  };
  if (const auto* path = find(by_name_, medium.name)) return *path;
  // The log has another ending than the archive, or none.
  if (const auto* path = find(by_stem_, medium.name)) return *path;
  if (const auto* path = find(by_stem_, stem_of(medium.name))) return *path;
  const bool open = medium.source == Source::camera && medium.name.find('.') == std::string::npos;
  return std::string{folder} + "/" + medium.name + (open ? ".flv" : "");
}

// The deck as a document, or the one picture that was presented as a deck.
std::optional<PageFile> Files::deck_file(const std::string& folder, const std::string& deck) const {
  if (const auto path = folder + "/" + deck + ".pdf"; paths_.contains(path)) return {{path, 0}};
  for (const char* ending : {".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG"})
    if (const auto path = folder + "/" + deck + ending; paths_.contains(path)) return {{path, 1}};
  if (const auto other = pdfs_.find(folder); other != pdfs_.end()) return {{other->second, 0}};
  return {};
}

std::optional<std::string> Files::picture(const std::string& folder, int page) const {
  const auto number = std::to_string(page);
  for (const auto& name : {"/pngs/slide-" + number + ".png", "/slide-" + number + ".png",
                           "/svgs/slide" + number + ".svg", "/thumbnails/thumb-" + number + ".png",
                           "/thumbnails/thumb-" + number + ".jpeg"})
    if (const auto path = folder + name; paths_.contains(path)) return path;
  return {};
}

PageFile Files::page(const std::string& deck, int page) const {
  for (const char* top : kDeckFolders) {
    const auto folder = top + ("/" + deck);
    if (auto file = deck_file(folder, deck)) {
      if (file->page == 0) file->page = page;
      return *file;
    }
    if (const auto path = picture(folder, page)) return {*path, 1};
  }
  return {kDeckFolders[0] + ("/" + deck) + "/" + deck + ".pdf", page};
}

std::vector<Medium> Files::sound_by_time(std::int64_t epoch, Nanoseconds duration) const {
  std::vector<Medium> found;
  const auto files = by_name_.find(bigbluebutton::folder_of(Source::conference));
  if (files == by_name_.end()) return found;
  for (const auto& [name, path] : files->second) {
    const auto time = time_of(path);
    if (!time || *time < epoch) continue;
    const std::chrono::milliseconds at{*time - epoch};
    if (at < duration_cast<std::chrono::milliseconds>(duration))
      found.push_back({Source::conference, name, {}, at, {}});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Medium& a, const Medium& b) { return a.start < b.start; });
  return found;
}

}  // namespace rostrum::bigbluebutton
