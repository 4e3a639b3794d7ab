// SPDX-License-Identifier: LGPL-2.1-or-later
// The folder that a render keeps its finished chunks in, so that it can be interrupted and go on.
#pragma once

#include "core/chunk_list.h"
#include "core/render_journal.h"
#include "core/result.h"

#include <map>
#include <string>
#include <vector>

namespace rostrum {

// What whoever watches a render finds in its work directory.
inline constexpr char kChunkListFile[] = "chunks.json";  // core/chunk_list.h
inline constexpr char kJournalFile[] = "journal.ndjson";
inline constexpr char kChunksFolder[] = "chunks";
inline constexpr char kPartialEnding[] = ".part";  // behind the name of a chunk in the making

// OUT.rostrum/: lock, journal.ndjson, chunks.json, chunks/<key>.mp4.  Locked as long as the object
// lives.
class WorkDir {
 public:
  // Makes the folder if need be, locks it and reads its journal.  Entries whose file is absent or
  // not what the journal says, or in which a fault was met that may have passed, are forgotten.
  // Kind::usage: another render holds the lock, the folder cannot be written, or it holds other
  // things and was never a work directory.
  static Result<WorkDir> open(const std::string& path);
  // The same without looking at the journal: for removing the folder.
  static Result<WorkDir> lock(const std::string& path);
  // Whether somebody holds its lock.
  static bool is_in_use(const std::string& path);
  WorkDir(WorkDir&& other) noexcept;
  WorkDir& operator=(WorkDir&&) = delete;
  ~WorkDir();

  const std::string& path() const { return path_; }
  // A place for what is only looked at; goes with the directory.
  std::string scratch_path() const;
  // Where the chunks are joined if the film is to be no MP4; beside them, so that what a killed
  // render has left goes with their partial files.
  std::string joined_path() const;
  // Whether no chunk is finished.
  bool empty() const { return entries_.empty(); }
  // Of all finished chunks.
  std::int64_t bytes() const;
  // The finished chunk with this key; nullptr when there is none.
  const JournalEntry* find(const std::string& key) const;
  // Where the chunk with this key belongs, and where it is written until it is whole.
  std::string chunk_path(const std::string& key) const;
  std::string partial_path(const std::string& key) const;
  // The partial file is whole: makes it durable under its name, then says so in the journal.
  Result<JournalEntry> finish_chunk(const std::string& key,
                                    std::vector<Substitution> substitutions);
  // Says which chunks the film is made of; it is the render's whether or not that succeeds.
  void list_chunks(const ChunkList& list) const;
  // Removes what unfinished workers left.
  void remove_partials() const;
  // Removes what is ours in the folder, and the folder if nothing else is in it.
  void remove();

 private:
  WorkDir(std::string path, int lock) : path_{std::move(path)}, lock_{lock} {}
  Result<void> read_journal();
  Result<void> forget_passing(std::vector<JournalEntry>& entries) const;

  std::string path_;
  int lock_;  // descriptor of the locked file
  std::map<std::string, JournalEntry> entries_;
};

}  // namespace rostrum
