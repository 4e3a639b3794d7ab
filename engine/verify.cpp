// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/contact_page.h"
#include "core/mp4_chapters.h"
#include "engine/components.h"
#include "engine/file.h"
#include "engine/film_index.h"
#include "engine/film_reader.h"
#include "engine/film_watch.h"
#include "engine/verify_content.h"
#include "engine/verify_sound.h"

#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>

#include <algorithm>
#include <memory>

namespace rostrum {

namespace {

constexpr int kSampledFrames = 12;

// "H.264 (High Profile)", "MPEG-4 AAC".
std::string codec_name(const GstCaps* caps) {
  const GCharPtr name{gst_pb_utils_get_codec_description(caps)};
  return name ? name.get() : "unknown";
}

// The rate on whose grid all frames are, of a file that does not say how long each lasts.  Frames
// in order of presentation.
void guess_rate(const std::vector<Nanoseconds>& times, FilmVideo& video) {
  auto shortest = Nanoseconds::max();
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] > times[i - 1]) shortest = std::min(shortest, times[i] - times[i - 1]);
  int num = 0;
  int den = 1;
  video.rate = {0, 1};
  if (shortest == Nanoseconds::max() ||
      !gst_video_guess_framerate(static_cast<GstClockTime>(shortest.count()), &num, &den))
    return;
  FilmVideo tried;
  measure_times(times, {num, den}, tried);
  if (tried.off_grid > 1ms) return;
  video.rate = {num, den};
  video.uneven = tried.holes > 0;
}

// Whether a frame of that rate lasts so many nanoseconds, as far as they can say it.
bool lasts(const Fraction& rate, Nanoseconds frame) {
  const auto exact = scale_round(1'000'000'000, rate.den, rate.num);
  return frame > 0ns && std::abs(frame.count() - exact) <= 1;
}

FilmVideo describe_video(const Passed& passed, const FilmIndex& index, const VerifyOptions& options,
                         int sampled) {
  FilmVideo video;
  video.codec = codec_name(passed.video.get());
  GstVideoInfo info;
  if (passed.video_raw && gst_video_info_from_caps(&info, passed.video_raw.get())) {
    video.size = {GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
    video.format = gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info));
    const GCharPtr colors{gst_video_colorimetry_to_string(&info.colorimetry)};
    if (colors) video.colorimetry = colors.get();
  }
  int num = 0;
  int den = 1;
  const GstStructure* s = gst_caps_get_structure(passed.video.get(), 0);
  gst_structure_get_fraction(s, "framerate", &num, &den);
  if (num > 0 && den > 0) video.rate = {num, den};
  const bool declared = options.expected && options.expected->rate;
  video.uneven = index.uneven;
  if (index.rate) video.rate = *index.rate;
  if (declared && lasts(*options.expected->rate, index.frame)) video.rate = *options.expected->rate;
  video.packets = std::ssize(passed.video_packets);
  video.frames = std::ssize(passed.video_frames);
  video.sampled = options.full ? 0 : sampled;
  auto times = options.full ? passed.video_frames : passed.video_packets;
  if (!options.full) std::sort(times.begin(), times.end());
  // then its frames are held against what it is to be
  const bool unsaid = index.fragmented || video.rate.num == 0;
  if (unsaid && declared) video.rate = *options.expected->rate;
  if (unsaid && !declared) guess_rate(times, video);
  measure_times(times, declared ? *options.expected->rate : video.rate, video);
  return video;
}

// Of a Matroska file: its demuxer says of some packets what is to be cut off, and its decoders may
// do so or not; of AAC it does not say it, and the last packet is longer than the film.
std::int64_t samples_left(const Passed& passed, const FilmIndex& index, int rate) {
  auto samples = passed.audio_samples;
  if (passed.audio_clipped > 0)
    samples = std::min(samples, passed.audio_packed - passed.audio_clipped);
  const auto packet = passed.audio_packets > 0 ? passed.audio_packed / passed.audio_packets : 0;
  const auto declared = scale_round(index.duration.count(), rate, 1'000'000'000);
  return declared < samples && samples < declared + packet ? declared : samples;
}

FilmAudio describe_audio(const Passed& passed, const FilmIndex& index, bool full) {
  FilmAudio audio;
  audio.codec = codec_name(passed.audio.get());
  const GstStructure* s = gst_caps_get_structure(passed.audio.get(), 0);
  gst_structure_get_int(s, "rate", &audio.rate);
  gst_structure_get_int(s, "channels", &audio.channels);
  audio.packets = passed.audio_packets;
  audio.decoded = full || index.matroska;
  audio.longest_hole = passed.audio_hole;
  const auto samples = [&](Nanoseconds t) {
    return scale_round(std::max<std::int64_t>(t.count(), 0), audio.rate, 1'000'000'000);
  };
  const auto first = full ? passed.audio_decoded_first : passed.audio_first;
  if (!first || audio.rate <= 0) return audio;
  const std::int64_t start = samples(*first);
  const std::int64_t end = full ? start + passed.audio_samples : samples(passed.audio_end);
  audio.samples = index.matroska ? samples_left(passed, index, audio.rate)
                                 : index.played_samples(audio.rate, start, end);
  audio.first = index.matroska ? *first : index.sound_from;
  audio.skipped = index.sound_skipped;
  audio.end = audio.first + Nanoseconds{scale_floor(audio.samples, 1'000'000'000, audio.rate)};
  return audio;
}

FilmReader::Limits limits_of(const VerifyOptions& options, Nanoseconds duration) {
  const Nanoseconds limit = options.limit > 0ns ? options.limit : Nanoseconds{10min} + duration * 4;
  return {options.stall, FilmReader::Clock::now() + limit, options.stop};
}

// Of each scene, the longest if they are too many; of an unknown film evenly.
std::vector<std::int64_t> thumbnail_frames(const VerifyOptions& options, const Film& film) {
  std::vector<std::int64_t> frames;
  if (options.planned) {
    const auto& plan = options.planned->plan;
    auto scenes = plan.scenes;
    std::stable_sort(scenes.begin(), scenes.end(), [](const Scene& a, const Scene& b) {
      return a.frames.count() > b.frames.count();
    });
    scenes.resize(std::min(scenes.size(), options.thumbnails));
    for (const auto& scene : scenes)
      frames.push_back(contact_frame(plan, scene) - plan.frames.first);
    std::sort(frames.begin(), frames.end());
    return frames;
  }
  const FrameGrid grid;
  const auto count = grid.frames(film.duration);
  const auto most = static_cast<std::int64_t>(options.thumbnails);
  for (std::int64_t i = 0; i < std::min(most, count); ++i)
    frames.push_back(count * (2 * i + 1) / (2 * std::min(most, count)));
  return frames;
}

// Some evenly, or soon after the key frames before them: one may come several times.  So soon that
// little is decoded, and so late that a copied source, which is looked at some frames before, need
// not be decoded from its own key frame before that one.
std::vector<Nanoseconds> sampled_times(const std::vector<Nanoseconds>& keys, Nanoseconds duration,
                                       const std::optional<Expected>& expected) {
  const bool rate = expected && expected->rate;
  const auto later = rate ? FrameGrid{*expected->rate}.start(kInStep + 1) : 0ns;
  std::vector<Nanoseconds> times;
  for (int i = 0; i < kSampledFrames; ++i) {
    const auto t = duration / kSampledFrames * i;
    const auto after = std::upper_bound(keys.begin(), keys.end(), t);
    const auto key = keys.empty() ? t : after == keys.begin() ? keys.front() : *std::prev(after);
    times.push_back(!keys.empty() && key + 2 * later < duration ? key + later : key);
  }
  return times;
}

// Looks and listens while a film is read.
class Watch {
 public:
  Watch(const FilmIndex& index, const VerifyOptions& options, const Film& film)
      : origin_{index.sound_origin()},
        planned_{options.planned != nullptr},
        pictures_{planned_ ? &options.planned->plan : nullptr,
                  options.full && planned_
                      ? picture_probes(options.planned->plan, full_density(film.duration))
                      : std::vector<PictureProbe>{},
                  thumbnail_frames(options, film), options.full} {}

  FilmEyes eyes() {
    return {.see = [this](GstBuffer* frame, const GstVideoInfo& info,
                          Nanoseconds t) { pictures_.look(frame, info, t); },
            .hear =
                [this](std::span<const float> samples, int channels, Nanoseconds t) {
                  if (!sound_) sound_.emplace(channels);
                  sound_->listen(samples, t - origin_);
                }};
  }
  FilmPictures pictures() { return pictures_.take(); }
  std::optional<FilmSound> sound() { return sound_ ? std::optional{sound_->take()} : std::nullopt; }

 private:
  Nanoseconds origin_;
  bool planned_;
  PictureWatch pictures_;
  std::optional<SoundWatch> sound_;
};

Decoding decoding_of(const FilmIndex& index, const VerifyOptions& options) {
  if (options.full) return Decoding::all;
  // how many samples there are is in no index of Matroska
  return options.planned || index.matroska ? Decoding::sound : Decoding::none;
}

void measure(const std::string& path, const FilmIndex& index, const VerifyOptions& options,
             VerifyReport& report) {
  Film& film = report.film;
  const auto limits = limits_of(options, film.duration);
  Watch watch{index, options, film};
  auto eyes = watch.eyes();
  if (!options.full && (options.sound_known || !options.planned)) eyes.hear = {};
  Passed passed = FilmReader{path, limits, std::move(eyes)}.read(decoding_of(index, options));
  if (!options.full && passed.video && passed.errors.empty()) {
    const auto& keys = index.entrances;
    Passed sampled = FilmReader{path, limits, watch.eyes()}.sample(
        sampled_times(keys, film.duration, options.expected), !keys.empty());
    passed.video_raw = std::move(sampled.video_raw);
    passed.video_frames = std::move(sampled.video_frames);
    std::move(sampled.errors.begin(), sampled.errors.end(), std::back_inserter(passed.errors));
  }
  if (passed.video) film.video = describe_video(passed, index, options, kSampledFrames);
  if (passed.audio) film.audio = describe_audio(passed, index, options.full);
  film.errors = std::move(passed.errors);
  if (film.video && (options.full || options.planned)) report.pictures = watch.pictures();
  report.sound = watch.sound();
}

std::optional<Error> missing_elements() {
  for (const char* name : {"filesrc", "qtdemux", "decodebin", "fakesink", "appsink"})
    if (!adopt(gst_element_factory_find(name)))
      return Error{Kind::missing_component, missing_element(name)};
  return {};
}

}  // namespace

bool VerifyReport::ok() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& f) { return f.ok; });
}

std::string VerifyReport::to_json() const {
  return film_json(film, findings,
                   {pictures ? &*pictures : nullptr, sound ? &*sound : nullptr,
                    comparison ? &*comparison : nullptr});
}

Result<VerifyReport> verify(const std::string& path, const VerifyOptions& options) {
  if (auto missing = missing_elements()) return tl::unexpected(std::move(*missing));
  const auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  if (is_sound_file(path)) return verify_sound(path, options);
  VerifyReport report;
  const auto index = read_film_index(*file, path);
  if (!index) {
    report.findings.push_back({false, index.error().message});
    return report;
  }
  report.film.index_first = index->first;
  report.film.duration = index->duration;
  report.film.declared = index->declared;
  report.film.chapters = index->chapters;
  report.film.chapters_agree = index->chapters_agree;
  measure(path, *index, options, report);
  if (options.stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  auto expected = options.expected.value_or(Expected{});
  if (index->fragmented && expected.chapters)  // it has no text track
    expected.chapters = std::min(*expected.chapters, mp4::kMostListed);
  report.findings = judge(report.film, expected);
  if (options.sound_known && !options.full)
    report.findings.push_back({true, "the sound is its medium's, packet by packet", "voices"});
  if (auto done = judge_content(options, report); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace rostrum
