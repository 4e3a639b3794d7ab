// SPDX-License-Identifier: LGPL-2.1-or-later
#include "net/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestHead = 64 << 10;  // bytes

Error failed(const std::string& path) {
  const int why = errno;
  if (why == ENOSPC || why == EDQUOT)
    return {Kind::internal,
            path +
                ": no space left: the disk (or a quota) is full; what is there is kept, the same "
                "command goes on when there is room"};
  return {Kind::internal, path + ": writing failed: " + std::strerror(why)};
}

std::string text_in(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

PartFile::PartFile(const std::string& target) : target_{target} {
  const fs::path t = target;
  const auto hidden = (t.parent_path() / ("." + t.filename().string())).string();
  path_ = hidden + ".part";
  head_path_ = hidden + ".part.head";
}

Result<PartFile> PartFile::open(const std::string& target) {
  PartFile part{target};
  for (;;) {
    if (!part.open_and_lock()) {
      if (errno != EWOULDBLOCK) return tl::unexpected(failed(part.path_));
      return fail(Kind::usage, part.path_ + ": another process is fetching this file");
    }
    struct stat locked {};
    struct stat named {};
    // else another one has just finished and renamed it
    if (fstat(part.file_.fd(), &locked) == 0 && stat(part.path_.c_str(), &named) == 0 &&
        locked.st_dev == named.st_dev && locked.st_ino == named.st_ino)
      break;
  }
  part.read_head();
  return part;
}

PartFile::~PartFile() {
  if (file_.fd() < 0 || file_.size() > 0) return;
  unlink(head_path_.c_str());
  unlink(path_.c_str());
}

bool PartFile::open_and_lock() {
  file_ = File{::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666)};
  return file_.fd() >= 0 && flock(file_.fd(), LOCK_EX | LOCK_NB) == 0;
}

void PartFile::read_head() {
  head_ = {};
  std::error_code error;
  if (fs::file_size(head_path_, error) > kLargestHead || error) return;
  std::ifstream file{head_path_, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return;
  head_.etag = text_in(json, "etag");
  head_.last_modified = text_in(json, "last-modified");
  if (const auto size = json.find("size"); size != json.end() && size->is_number_unsigned())
    head_.total = size->get<std::uint64_t>();
  head_.bytes = file_.size();
}

Result<void> PartFile::begin(const PartHead& head) {
  // First nothing, then the new head: what is killed in between begins anew.
  if (auto done = forget(); !done) return done;
  Json json;
  if (!head.etag.empty()) json["etag"] = head.etag;
  if (!head.last_modified.empty()) json["last-modified"] = head.last_modified;
  if (head.total) json["size"] = *head.total;
  std::ofstream file{head_path_, std::ios::binary | std::ios::trunc};
  file << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  file.close();
  if (!file) return tl::unexpected(failed(head_path_));
  head_ = head;
  head_.bytes = 0;
  return {};
}

Result<void> PartFile::write(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_.fd(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return tl::unexpected(failed(path_));
    head_.bytes += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> PartFile::forget() {
  head_ = {};
  if (ftruncate(file_.fd(), 0) != 0) return tl::unexpected(failed(path_));
  if (unlink(head_path_.c_str()) != 0 && errno != ENOENT) return tl::unexpected(failed(head_path_));
  return {};
}

Result<void> PartFile::commit() {
  if (auto done = rename_durably(path_, target_); !done) return done;
  file_ = File{};
  unlink(head_path_.c_str());
  return {};
}

}  // namespace rostrum
