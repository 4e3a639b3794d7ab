// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_journal.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

std::optional<std::uint64_t> natural(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return {};
  const auto value = found->get<std::uint64_t>();
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
  return value;
}

}  // namespace

std::string format_record(const ChunkRecord& r) {
  const Json line{{"index", r.index},
                  {"file", r.file},
                  {"first-time", r.first_time.count()},
                  {"duration", r.duration.count()},
                  {"frames", r.frames},
                  {"bytes", r.bytes}};
  // A file name need not be UTF-8; the journal is.
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<ChunkRecord> parse_record(std::string_view line) {
  const auto json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return {};
  const auto file = json.find("file");
  const auto index = natural(json, "index");
  const auto first = natural(json, "first-time");
  const auto duration = natural(json, "duration");
  const auto frames = natural(json, "frames");
  const auto bytes = natural(json, "bytes");
  if (file == json.end() || !file->is_string() || !index || !first || !duration || !frames ||
      !bytes)
    return {};
  return ChunkRecord{static_cast<std::int64_t>(*index),
                     file->get<std::string>(),
                     Nanoseconds{static_cast<std::int64_t>(*first)},
                     Nanoseconds{static_cast<std::int64_t>(*duration)},
                     *frames,
                     *bytes};
}

Journal read_journal(std::string_view text) {
  Journal journal;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', journal.bytes)) {
    auto record = parse_record(text.substr(journal.bytes, end - journal.bytes));
    if (!record) break;
    auto& records = journal.records;
    records.erase(std::find_if(records.begin(), records.end(),
                               [&](const auto& r) { return r.index >= record->index; }),
                  records.end());
    records.push_back(*std::move(record));
    journal.bytes = end + 1;
  }
  return journal;
}

}  // namespace rostrum
