// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/render_watch.h"

#include "core/chunk_list.h"
#include "core/chunks.h"
#include "engine/input_file.h"
#include "engine/work_dir.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr guint kTick = 500;  // ms

std::string text_of(const fs::path& path) { return read_text(path).value_or(std::string{}); }

std::set<std::string> keys_done(const fs::path& dir) {
  std::set<std::string> keys;
  for (auto& entry : parse_journal(text_of(dir / kJournalFile))) keys.insert(std::move(entry.key));
  return keys;
}

std::set<std::string> keys_working(const fs::path& dir) {
  std::set<std::string> keys;
  std::error_code error;
  for (fs::directory_iterator file{dir / kChunksFolder, error}, end; !error && file != end;
       file.increment(error))
    if (file->path().extension() == kPartialEnding) keys.insert(file->path().stem().stem());
  return keys;
}

Json number_of(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

RenderWatch::RenderWatch(std::function<void(const std::string&)> tell)
    : tell_{std::move(tell)}, tick_{g_timeout_source_new(kTick)} {
  g_source_set_callback(tick_, on_tick, this, nullptr);
  g_source_attach(tick_, g_main_context_get_thread_default());
}

RenderWatch::~RenderWatch() {
  g_source_destroy(tick_);
  g_source_unref(tick_);
}

void RenderWatch::show(const Plan& plan, std::string digest, std::string work_dir) {
  if (work_dir != dir_) pace_ = {};
  dir_ = std::move(work_dir);
  digest_ = std::move(digest);
  grid_ = plan.grid;
  chunks_ = cut_chunks(plan);
  told_.clear();
  look();
}

void RenderWatch::look() {
  if (dir_.empty()) return;
  const auto list = parse_chunk_list(text_of(fs::path{dir_} / kChunkListFile));
  const bool same = !list.chunks.empty() && list.job == digest_;
  const bool running = same && WorkDir::is_in_use(dir_);
  std::vector<ChunkState> states;
  if (same)
    states = chunk_states(chunks_, list, keys_done(dir_),
                          running ? keys_working(dir_) : std::set<std::string>{});
  Nanoseconds done{0};
  Json names = Json::array();
  for (std::size_t i = 0; i < states.size(); ++i) {
    names.push_back(name_of(states[i]));
    if (states[i] == ChunkState::done)
      done += grid_.start(chunks_[i].end) - grid_.start(chunks_[i].first);
  }
  const Nanoseconds now{g_get_monotonic_time() * 1000};
  if (running) pace_.add(now, done);
  const auto total = chunks_.empty()
                         ? Nanoseconds{0}
                         : grid_.start(chunks_.back().end) - grid_.start(chunks_.front().first);
  const auto left = running ? pace_.left(now, total) : std::nullopt;
  const Json event{{"kind", "chunks"},
                   {"states", std::move(names)},
                   {"running", running},
                   {"speed", number_of(running ? pace_.speed(now) : std::nullopt)},
                   {"eta", number_of(left ? std::optional{to_seconds(*left)} : std::nullopt)}};
  auto text = event.dump();
  if (text == told_) return;
  told_ = std::move(text);
  tell_(told_);
}

gboolean RenderWatch::on_tick(gpointer self) {
  static_cast<RenderWatch*>(self)->look();
  return G_SOURCE_CONTINUE;
}

}  // namespace rostrum
