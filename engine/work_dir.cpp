// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/work_dir.h"

#include "engine/file.h"
#include "engine/fingerprint.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kLock[] = "lock";
constexpr char kScratch[] = "scratch";

std::string why() { return std::strerror(errno); }

Result<void> sync_path(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool done = fd >= 0 && fsync(fd) == 0;
  auto result =
      done ? Result<void>{} : fail(Kind::internal, path + ": cannot be made durable: " + why());
  if (fd >= 0) close(fd);
  return result;
}

Result<void> append_durably(const std::string& path, const std::string& line) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return fail(Kind::internal, path + ": " + why());
  const bool done =
      write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fsync(fd) == 0;
  auto result =
      done ? Result<void>{} : fail(Kind::internal, path + ": cannot be written: " + why());
  close(fd);
  return result;
}

int open_lock(const std::string& path) {
  return ::open((path + "/" + kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

// After flock() has failed.
std::string why_not_locked() {
  if (errno != EWOULDBLOCK)
    return ": the work directory cannot be locked (" + why() +
           "); choose another with --work, on a local disk";
  return ": another render is using this work directory; wait for it or choose another with --work";
}

// Whether the folder's lock file is the one that this descriptor has locked.
bool is_still(int lock, const std::string& path) {
  struct stat locked {};
  struct stat named {};
  return fstat(lock, &locked) == 0 && stat((path + "/" + kLock).c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

// A folder without a lock is ours only if nothing but ours is in it: a render that ended before it
// had one.
bool holds_other_things(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path / kLock, error)) return false;
  for (fs::directory_iterator file{path, error}, end; !error && file != end; file.increment(error))
    if (const auto name = file->path().filename(); name != kChunksFolder && name != kJournalFile)
      return true;
  return false;
}

}  // namespace

Result<WorkDir> WorkDir::lock(const std::string& path) {
  if (holds_other_things(path))
    return fail(Kind::usage,
                path + ": holds other files and is no work directory; name a new or empty folder");
  std::error_code error;
  fs::create_directories(fs::path{path} / kChunksFolder, error);
  if (error)
    return fail(Kind::usage, path + ": the work directory cannot be made: " + error.message());
  for (;;) {
    const int lock = open_lock(path);
    if (lock < 0)
      return fail(Kind::usage, path + ": the work directory cannot be written: " + why());
    WorkDir dir{path, lock};
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) return fail(Kind::usage, path + why_not_locked());
    if (is_still(lock, path)) return dir;  // else a render that has ended just removed it
    fs::create_directories(fs::path{path} / kChunksFolder, error);
  }
}

Result<WorkDir> WorkDir::open(const std::string& path) {
  auto dir = lock(path);
  if (!dir) return dir;
  if (auto done = dir->read_journal(); !done) return tl::unexpected(done.error());
  return dir;
}

// Without taking it, not even for a moment: a render would find it taken.
bool WorkDir::is_in_use(const std::string& path) {
  struct stat lock {};
  if (stat((path + "/" + kLock).c_str(), &lock) != 0) return false;
  const auto inode = ":" + std::to_string(lock.st_ino) + " ";
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);)
    if (line.find(" FLOCK ") != line.npos && line.find(inode) != line.npos) return true;
  return false;
}

WorkDir::WorkDir(WorkDir&& other) noexcept
    : path_{std::move(other.path_)},
      lock_{std::exchange(other.lock_, -1)},
      entries_{std::move(other.entries_)} {}

WorkDir::~WorkDir() {
  if (lock_ >= 0) close(lock_);
}

Result<void> WorkDir::read_journal() {
  const auto path = path_ + "/" + kJournalFile;
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  // A torn last line would swallow the next one written behind it.
  if (!text.empty() && text.back() != '\n')
    if (auto done = append_durably(path, "\n"); !done) return done;
  auto entries = parse_journal(text);
  if (auto done = forget_passing(entries); !done) return done;
  for (auto& entry : entries) {
    const auto chunk = path_ + "/" + entry.file;
    std::error_code error;
    if (entry.file != "chunks/" + entry.key + ".mp4") continue;
    if (fs::file_size(chunk, error) != static_cast<std::uintmax_t>(entry.bytes) || error) continue;
    if (sha256_of_file(chunk) == entry.sha256)
      entries_.insert_or_assign(entry.key, std::move(entry));
  }
  return {};
}

// Whoever watches the journal must not take them for finished, and their files would be in the way
// of new ones on a disk that is nearly full.
Result<void> WorkDir::forget_passing(std::vector<JournalEntry>& entries) const {
  std::string kept;
  std::set<std::string> passing;
  for (const auto& entry : entries)
    if (is_lasting(entry))
      kept += journal_line(entry);
    else
      passing.insert(entry.key);
  if (passing.empty()) return {};
  std::erase_if(entries, [](const JournalEntry& entry) { return !is_lasting(entry); });
  const auto path = path_ + "/" + kJournalFile;
  std::ofstream file{path + kPartialEnding, std::ios::binary};
  file << kept;
  file.close();
  if (!file) return fail(Kind::internal, path + ": cannot be written: " + why());
  if (auto done = rename_durably(path + kPartialEnding, path); !done) return done;
  for (const auto& entry : entries) passing.erase(entry.key);
  for (const auto& key : passing) unlink(chunk_path(key).c_str());
  return {};
}

std::int64_t WorkDir::bytes() const {
  std::int64_t sum = 0;
  for (const auto& [key, entry] : entries_) sum += entry.bytes;
  return sum;
}

const JournalEntry* WorkDir::find(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

std::string WorkDir::chunk_path(const std::string& key) const {
  return path_ + "/chunks/" + key + ".mp4";
}

std::string WorkDir::partial_path(const std::string& key) const {
  return chunk_path(key) + kPartialEnding;
}

Result<JournalEntry> WorkDir::finish_chunk(const std::string& key,
                                           std::vector<Substitution> substitutions) {
  const auto partial = partial_path(key);
  const auto whole = chunk_path(key);
  if (auto done = sync_path(partial, O_RDONLY); !done) return tl::unexpected(done.error());
  JournalEntry entry{key, "chunks/" + key + ".mp4", 0, sha256_of_file(partial),
                     std::move(substitutions)};
  std::error_code error;
  entry.bytes = static_cast<std::int64_t>(fs::file_size(partial, error));
  if (error || std::rename(partial.c_str(), whole.c_str()) != 0)
    return fail(Kind::internal, whole + ": cannot be written: " + why());
  if (auto done = sync_path(path_ + "/chunks", O_RDONLY | O_DIRECTORY); !done)
    return tl::unexpected(done.error());
  if (auto done = append_durably(path_ + "/journal.ndjson", journal_line(entry)); !done)
    return tl::unexpected(done.error());
  entries_.insert_or_assign(key, entry);
  return entry;
}

void WorkDir::remove_partials() const {
  std::error_code error;
  for (fs::directory_iterator file{path_ + "/" + kChunksFolder, error}, end; !error && file != end;
       file.increment(error))
    if (const auto type = file->path().extension(); type == kPartialEnding || type == ".job") {
      std::error_code ignored;
      fs::remove(file->path(), ignored);
    }
}

void WorkDir::list_chunks(const ChunkList& list) const {
  const auto path = path_ + "/" + kChunkListFile;
  const auto partial = path + kPartialEnding;
  std::ofstream file{partial, std::ios::binary};
  file << chunk_list_json(list);
  file.close();
  std::error_code error;
  if (file) fs::rename(partial, path, error);
  if (!file || error) fs::remove(partial, error);
}

std::string WorkDir::scratch_path() const { return path_ + "/" + kScratch; }

std::string WorkDir::joined_path() const { return path_ + "/" + kChunksFolder + "/joined.mp4"; }

void WorkDir::remove() {
  remove_partials();
  std::error_code error;
  fs::remove_all(scratch_path(), error);
  for (fs::directory_iterator file{path_ + "/" + kChunksFolder, error}, end; !error && file != end;
       file.increment(error))
    if (file->path().extension() == ".mp4") {
      std::error_code ignored;
      fs::remove(file->path(), ignored);
    }
  for (const char* name : {kChunksFolder, kJournalFile, kChunkListFile, kLock})
    fs::remove(fs::path{path_} / name, error);
  fs::remove(path_, error);  // stays where it holds other things
}

}  // namespace rostrum
