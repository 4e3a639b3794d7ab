// SPDX-License-Identifier: LGPL-2.1-or-later
// The journals of a render and of chunksink, and what a worker is told: lines that a crash may have
// cut anywhere.
#include "core/chunk_job.h"
#include "core/chunk_journal.h"
#include "core/render_journal.h"
#include "fuzz.h"

#include <algorithm>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto text = fuzz::text(data, size);
  for (const auto& entry : parse_journal(text))
    fuzz::expect(parse_journal(journal_line(entry)).size() == 1, "an entry is written as a line");
  const auto journal = read_journal(text);
  fuzz::expect(journal.bytes <= size, "no more is read than there is");
  for (std::size_t i = 0; i < journal.records.size(); ++i) {
    const auto& record = journal.records[i];
    fuzz::expect(i == 0 || journal.records[i - 1].index < record.index, "indices increase");
    auto line = format_record(record);
    while (line.ends_with('\n')) line.pop_back();
    fuzz::expect(parse_record(line) == record, "a record is read back");
  }
  parse_substitution(text);
  parse_chunk_job(text);
  return 0;
}
