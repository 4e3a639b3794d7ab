// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify_sound.h"

#include "engine/autoplug.h"
#include "engine/components.h"
#include "engine/file.h"
#include "engine/film_watch.h"
#include "engine/patience.h"
#include "engine/verify_content.h"
#include "lib/bus_error.h"

#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>

#include <algorithm>
#include <string_view>

namespace rostrum {

namespace {

constexpr auto kLook = static_cast<GstClockTime>(200'000'000);

Nanoseconds ns(GstClockTime t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }

class SoundReader {
 public:
  SoundReader(const std::string& path, const VerifyOptions& options) : options_{options} {
    pipeline_ = retain(gst_parse_launch(
        "filesrc name=in ! decodebin name=open ! audioconvert ! "
        "audio/x-raw,format=" GST_AUDIO_NE(F32) ",layout=interleaved ! "
                                                "appsink name=out sync=false max-buffers=64",
        nullptr));
    in_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "in"));
    out_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out"));
    bus_ = adopt(gst_element_get_bus(pipeline_.get()));
    const auto open = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "open"));
    restrict_autoplug(open.get(), Wanted::audio);
    g_object_set(in_.get(), "location", path.c_str(), nullptr);
  }
  ~SoundReader() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;

  void read(Film& film) {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    Patience idle{options_.stall};
    while (!options_.stop.stop_requested()) {
      const auto sample = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(out_.get()), kLook));
      read_messages(film);
      if (sample) {
        add(sample.get());
        idle = Patience{options_.stall};
      } else if (gst_app_sink_is_eos(GST_APP_SINK(out_.get())) || !film.errors.empty()) {
        break;
      } else if (idle.over()) {
        film.errors.emplace_back("reading it came to a standstill");
        break;
      }
    }
    gint64 declared = 0;
    if (gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &declared))
      film.declared = Nanoseconds{declared};
    if (audio_.rate == 0) return;
    audio_.end =
        audio_.first + Nanoseconds{scale_floor(audio_.samples, 1'000'000'000, audio_.rate)};
    film.duration = audio_.end;
    film.audio = audio_;
  }
  std::optional<FilmSound> sound() { return watch_ ? std::optional{watch_->take()} : std::nullopt; }

 private:
  void add(GstSample* sample) {
    GstAudioInfo info;
    if (!gst_audio_info_from_caps(&info, gst_sample_get_caps(sample))) return;
    auto* buffer = gst_sample_get_buffer(sample);
    audio_.rate = GST_AUDIO_INFO_RATE(&info);
    audio_.channels = GST_AUDIO_INFO_CHANNELS(&info);
    audio_.decoded = true;
    if (GST_BUFFER_PTS_IS_VALID(buffer)) {
      const auto* segment = gst_sample_get_segment(sample);
      const auto at =
          ns(gst_segment_to_stream_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)));
      if (audio_.packets == 0)
        audio_.first = at;
      else
        audio_.longest_hole = std::max(audio_.longest_hole, at - next_);
      next_ = at + ns(GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0);
    }
    const auto place = sample_time(audio_.samples);
    ++audio_.packets;
    audio_.samples +=
        static_cast<std::int64_t>(gst_buffer_get_size(buffer)) / GST_AUDIO_INFO_BPF(&info);
    if (audio_.rate == kSoundRate && audio_.channels <= 2) listen(buffer, place);
  }

  void listen(GstBuffer* buffer, Nanoseconds t) {
    GstMapInfo map;
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
    if (!watch_) watch_.emplace(audio_.channels);
    watch_->listen({reinterpret_cast<const float*>(map.data), map.size / sizeof(float)}, t);
    gst_buffer_unmap(buffer, &map);
  }

  void read_messages(Film& film) {
    constexpr auto kWhat =
        static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_TAG);
    while (const auto message = adopt(gst_bus_pop_filtered(bus_.get(), kWhat))) {
      if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_TAG) {
        note_codec(message.get());
        continue;
      }
      film.errors.push_back(describe_error(error_of(message.get()).get()));
    }
  }

  void note_codec(GstMessage* message) {
    GstTagList* tags = nullptr;
    gst_message_parse_tag(message, &tags);
    gchar* name = nullptr;
    if (gst_tag_list_get_string(tags, GST_TAG_AUDIO_CODEC, &name)) audio_.codec = name;
    g_free(name);
    gst_tag_list_unref(tags);
  }

  const VerifyOptions& options_;
  GstPtr<GstElement> pipeline_;
  GstPtr<GstElement> in_;
  GstPtr<GstElement> out_;
  GstPtr<GstBus> bus_;
  FilmAudio audio_;
  std::optional<SoundWatch> watch_;
  Nanoseconds next_{0};  // where the last buffer ends
};

}  // namespace

bool is_sound_file(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return false;
  const auto head = file->read(0, 4);
  const std::string_view magic{reinterpret_cast<const char*>(head.data()), head.size()};
  return magic == "OggS" || magic == "fLaC";
}

Result<VerifyReport> verify_sound(const std::string& path, const VerifyOptions& options) {
  for (const char* name : {"filesrc", "decodebin", "audioconvert", "appsink"})
    if (!adopt(gst_element_factory_find(name)))
      return fail(Kind::missing_component, missing_element(name));
  VerifyReport report;
  report.film.index_first = true;
  SoundReader reader{path, options};
  reader.read(report.film);
  report.sound = reader.sound();
  if (options.stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  auto expected = options.expected.value_or(Expected{});
  expected.picture = false;
  expected.chapters.reset();  // are not read from its comments
  report.findings = judge(report.film, expected);
  if (auto done = judge_content(options, report); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace rostrum
