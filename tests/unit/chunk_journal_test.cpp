// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_journal.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

ChunkRecord record(std::int64_t index) {
  return {index, "out-" + std::to_string(index) + ".mp4", 2s * index, 2s, 50, 1234};
}

TEST(ChunkJournal, WritesOneLineAndReadsItBack) {
  const ChunkRecord r{7, "a \"b\"\nü.mp4", 14s, 2002ms, 60, 99};
  const auto line = format_record(r);
  EXPECT_EQ(line,
            "{\"index\":7,\"file\":\"a \\\"b\\\"\\nü.mp4\",\"first-time\":14000000000,"
            "\"duration\":2002000000,\"frames\":60,\"bytes\":99}\n");
  EXPECT_EQ(parse_record(std::string_view(line).substr(0, line.size() - 1)), r);
}

TEST(ChunkJournal, RefusesWhatIsNoRecord) {
  for (
      const char* bad :
      {"", "{}", "[]", "null", "{\"index\":1",
       R"({"index":-1,"file":"a","first-time":0,"duration":0,"frames":0,"bytes":0})",
       R"({"index":1,"file":2,"first-time":0,"duration":0,"frames":0,"bytes":0})",
       R"({"index":1,"file":"a","first-time":0.5,"duration":0,"frames":0,"bytes":0})",
       R"({"index":1,"file":"a","first-time":18446744073709551615,"duration":0,"frames":0,"bytes":0})"})
    EXPECT_FALSE(parse_record(bad)) << bad;
}

TEST(ChunkJournal, EndsBeforeATornOrForeignLine) {
  const auto whole = format_record(record(0)) + format_record(record(1));
  const auto third = format_record(record(2));
  for (std::size_t cut = 0; cut < third.size(); ++cut) {
    const auto journal = read_journal(whole + third.substr(0, cut));
    ASSERT_EQ(journal.records.size(), 2U) << cut;
    EXPECT_EQ(journal.bytes, whole.size());
  }
  EXPECT_EQ(read_journal(whole + "rubbish\n" + third).records.size(), 2U);
  EXPECT_EQ(read_journal(whole + third).records.back(), record(2));
  EXPECT_EQ(read_journal("").bytes, 0U);
}

TEST(ChunkJournal, ALaterRecordReplacesItsOwnAndLaterIndices) {
  std::string text;
  for (int index : {0, 1, 2, 1}) text += format_record(record(index));
  const auto journal = read_journal(text);
  EXPECT_EQ(journal.records, (std::vector{record(0), record(1)}));
  EXPECT_EQ(journal.bytes, text.size());
}

}  // namespace
}  // namespace rostrum
