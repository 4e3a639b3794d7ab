// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_recording.h"

#include "core/chunk_journal.h"
#include "engine/assemble.h"
#include "engine/elements.h"
#include "engine/file.h"
#include "engine/input_file.h"
#include "engine/sound_encoders.h"

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// What the encoder may fall behind before the sources have to wait, and then lose something.
constexpr guint64 kBehind = 2 * GST_SECOND;

Result<GstElement*> add_queue(GstElement* pipeline) {
  const auto queue = add_element(pipeline, "queue");
  if (queue)
    g_object_set(*queue, "max-size-bytes", 0U, "max-size-buffers", 0U, "max-size-time", kBehind,
                 nullptr);
  return queue;
}

// graph's pad ! queue ! encoder ! chunksink's pad
Result<void> add_branch(GstElement* pipeline, const LiveGraph& graph, const char* from,
                        const std::string& encoder, GstElement* sink, const char* to) {
  const auto queue = add_queue(pipeline);
  if (!queue) return tl::unexpected(queue.error());
  const auto name = std::string{from} + "-encoder";
  const auto coder = add_description(pipeline, encoder, name.c_str());
  if (!coder) return tl::unexpected(coder.error());
  return link(graph.bin(), from, *queue, "sink")
      .and_then([&] { return link(*queue, "src", *coder, "sink"); })
      .and_then([&] { return link(*coder, "src", sink, to); });
}

void use_system_clock(GstElement* pipeline) {
  auto* clock = gst_system_clock_obtain();
  gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock);
  gst_object_unref(clock);
}

const mp4::Track* track_of(const mp4::Movie& movie, mp4::FourCc handler) {
  const auto found = std::find_if(movie.tracks.begin(), movie.tracks.end(),
                                  [&](const mp4::Track& t) { return t.handler == handler; });
  return found == movie.tracks.end() ? nullptr : &*found;
}

// What the chunks hold together.
struct Gathered {
  std::vector<PicturePart> pictures;
  JoinedSound sound;
  std::int64_t frames = 0;
  std::int64_t packets = 0;
  FrameGrid grid;
};

tl::unexpected<Error> damaged(const std::string& path, const char* what) {
  return fail(Kind::media, path + ": " + what);
}

Result<void> gather(Gathered& all, const std::string& path, const ChunkRecord& record) {
  const auto movie = read_movie_file(path);
  if (!movie) return tl::unexpected(movie.error());
  const auto* picture = track_of(*movie, mp4::fourcc("vide"));
  const auto* sound = track_of(*movie, mp4::fourcc("soun"));
  if (!picture || !sound || (picture->samples > 0 ? picture : sound)->samples != record.frames)
    return damaged(path, "is no whole chunk of a recording");
  all.sound.parts.push_back({path, 0, -1});
  all.packets += static_cast<std::int64_t>(sound->samples);
  if (picture->samples == 0) return {};  // sound that outlasts the picture past a cut
  const auto common = std::gcd(picture->timescale, picture->tick);
  if (all.frames == 0) all.grid = FrameGrid{{picture->timescale / common, picture->tick / common}};
  constexpr Nanoseconds kRounding = 1ms;
  const auto off = all.grid.start(all.frames) - record.first_time;
  if (std::chrono::abs(off) > kRounding)
    return damaged(path, "does not follow the chunk before it");
  all.pictures.push_back({path});
  all.frames += static_cast<std::int64_t>(picture->samples);
  return {};
}

Result<Gathered> gather_chunks(const std::string& folder) {
  const auto text = read_text(record_pattern(folder) + ".journal");
  if (!text) return tl::unexpected(text.error());
  Gathered all;
  for (const auto& record : read_journal(*text).records)
    if (auto done = gather(all, (fs::path{folder} / record.file).string(), record); !done)
      return tl::unexpected(done.error());
  if (all.frames == 0) return fail(Kind::media, folder + ": holds no whole chunk yet");
  return all;
}

}  // namespace

std::string record_pattern(const std::string& folder) {
  return (fs::path{folder} / "chunk-%05d.mp4").string();
}

Result<GstPtr<GstElement>> make_recording(const LiveGraph& graph, const PictureCoding& coding,
                                          const RecordingTarget& target) {
  auto pipeline = retain(gst_pipeline_new("recording"));
  gst_bin_add(GST_BIN(pipeline.get()), graph.bin());
  const auto sink = add_element(pipeline.get(), "chunksink", "chunks");
  if (!sink) return tl::unexpected(sink.error());
  g_object_set(*sink, "location", record_pattern(target.folder).c_str(), "chunk-duration",
               static_cast<guint64>(target.chunk.count()), nullptr);
  const auto sound = describe_sound_encoder(graph.plan().format);
  auto done =
      add_branch(pipeline.get(), graph, "video", coding.description, *sink, "video").and_then([&] {
        return add_branch(pipeline.get(), graph, "audio", sound, *sink, "audio_0");
      });
  if (!done) return tl::unexpected(done.error());
  use_system_clock(pipeline.get());
  return pipeline;
}

Result<RecordedFilm> join_recording(const std::string& folder, const std::string& title,
                                    const std::string& out, const std::stop_token& stop) {
  const auto all = gather_chunks(folder);
  if (!all) return tl::unexpected(all.error());
  const auto grid = packet_grid(AudioCodec::aac);
  constexpr int kSampleRate = 48000;
  RecordedFilm film;
  film.frames = all->frames;
  film.length = all->grid.start(all->frames);
  film.samples = std::min(all->grid.samples(all->frames, kSampleRate),
                          all->packets * grid.samples - grid.priming);
  FinishOptions finish;
  finish.title = title;
  finish.audio_samples = film.samples;
  if (auto done = assemble_mp4(all->pictures, all->sound, out, finish, stop); !done)
    return tl::unexpected(done.error());
  return film;
}

}  // namespace rostrum
