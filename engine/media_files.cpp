// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/media_files.h"

#include "engine/beneath.h"

#include <sys/stat.h>

#include <map>

namespace rostrum {

namespace {

struct Identity {
  dev_t device = 0;
  ino_t number = 0;

  bool operator==(const Identity&) const = default;
};

Identity identity_of(const File& file) {
  struct stat s {};
  return fstat(file.fd(), &s) == 0 ? Identity{s.st_dev, s.st_ino} : Identity{};
}

struct Root {
  std::filesystem::path path;
  File folder;
};

// As open_beneath() says it: a clause.
Result<File> open_anything(const std::string& path) {
  return File::open_to_read(path).map_error([&](Error error) {
    error.message.erase(0, path.size() + 2);
    return error;
  });
}

}  // namespace

struct MediaFiles::State {
  std::vector<Root> roots;
  std::map<std::string, Identity> admitted;

  Result<File> open(const std::filesystem::path& path) const {
    for (const auto& root : roots) {
      const auto inside = path.lexically_relative(root.path);
      if (!inside.empty() && *inside.begin() != "..")
        return open_beneath(root.folder, inside.string());
    }
    return fail(Kind::media, "it lies outside the folders that the job may use");
  }
};

MediaFiles::MediaFiles(const std::vector<std::filesystem::path>& roots)
    : state_{std::make_shared<State>()} {
  for (const auto& root : roots) state_->roots.push_back({root, open_folder(root.string())});
}

Result<File> MediaFiles::admit(const std::filesystem::path& path) {
  if (!state_) return open_anything(path.string());
  auto file = state_->open(path);
  if (file) state_->admitted.insert_or_assign(path.string(), identity_of(*file));
  return file;
}

Result<File> MediaFiles::open(const std::string& path) const {
  if (!state_) return open_anything(path);
  const auto known = state_->admitted.find(path);
  if (known == state_->admitted.end()) return fail(Kind::media, "it was not there at first");
  auto file = state_->open(path);
  if (file && identity_of(*file) != known->second)
    return fail(Kind::media, "another file has taken its place");
  return file;
}

File MediaFiles::open_or_none(const std::string& path) const {
  auto file = open(path);
  return file ? std::move(*file) : File{};
}

}  // namespace rostrum
