// SPDX-License-Identifier: LGPL-2.1-or-later
// The journal of a work directory: one line of JSON per finished chunk.  A line is only written
// when the chunk's file is durable, so what it names can be used again; a torn last line means
// nothing.
#pragma once

#include "core/plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

struct JournalEntry {
  std::string key;   // of the chunk: SHA-256 of all that it is made from, hex
  std::string file;  // relative to the work directory
  std::int64_t bytes = 0;
  std::string sha256;                       // of the file, hex
  std::vector<Substitution> substitutions;  // what the chunk shows instead of what was declared
};

// Whether the chunk would come out the same again: not where a medium stalled or could not be read,
// which may have passed.
bool is_lasting(const JournalEntry& entry);

// One line, with its newline.
std::string journal_line(const JournalEntry& entry);

// Every whole, valid line in order; others are passed over.
std::vector<JournalEntry> parse_journal(std::string_view text);

// A substitution as a JSON object's text, as it stands in journal lines and in a worker's output.
std::string substitution_json(const Substitution& substitution);
std::optional<Substitution> parse_substitution(std::string_view json);

}  // namespace rostrum
