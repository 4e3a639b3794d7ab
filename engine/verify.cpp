// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/contact_page.h"
#include "core/mp4_chapters.h"
#include "core/mp4_movie.h"
#include "engine/components.h"
#include "engine/file.h"
#include "engine/film_reader.h"
#include "engine/film_watch.h"
#include "engine/verify_content.h"
#include "engine/verify_sound.h"

#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace rostrum {

namespace {

constexpr int kSampledFrames = 12;
constexpr std::size_t kMostChapters = 100'000;
constexpr std::size_t kLongestTitle = 65537;  // its length field included

// The file's own index, read without GStreamer.
struct Index {
  mp4::Bytes moov;
  mp4::Movie movie;
};

Nanoseconds time_of(std::uint64_t ticks, std::uint32_t timescale) {
  return Nanoseconds{scale_round(static_cast<std::int64_t>(ticks), 1'000'000'000, timescale)};
}

Result<Index> read_index(const File& file, const std::string& path, Film& film) {
  const auto boxes = outermost_boxes(file, path);
  if (!boxes) return tl::unexpected(boxes.error());
  const FileBox* moov = find_box(*boxes, mp4::fourcc("moov"));
  const FileBox* samples = find_box(*boxes, mp4::fourcc("mdat"));
  if (!moov || !samples) return fail(Kind::media, path + ": is not a whole MP4 file");
  film.index_first = moov->position < samples->position;
  auto body = read_body(file, *moov, path);
  if (!body) return tl::unexpected(body.error());
  auto movie = mp4::read_movie(*body);
  if (!movie) return fail(Kind::media, path + ": " + movie.error().message);
  return Index{std::move(*body), std::move(*movie)};
}

const mp4::Track* find_track(const mp4::Movie& movie, mp4::FourCc handler) {
  for (const mp4::Track& track : movie.tracks)
    if (track.handler == handler) return &track;
  return nullptr;
}

// What of a track is played, and where on the movie's axis that begins.
struct Presented {
  Nanoseconds from{0};
  Nanoseconds length{0};
};

Presented presented(const mp4::Movie& movie, const mp4::Track& track) {
  if (track.edits.empty()) return {0ns, time_of(track.duration, track.timescale)};
  std::uint64_t empty = 0;
  std::uint64_t all = 0;
  bool started = false;
  for (const mp4::Edit& edit : track.edits) {
    started = started || edit.media_time >= 0;
    if (!started) empty += edit.duration;
    all += edit.duration;
  }
  return {time_of(empty, movie.timescale), time_of(all - empty, movie.timescale)};
}

std::vector<Chapter> read_text_track(const File& file, const Index& index, const mp4::Track& text) {
  std::vector<Chapter> chapters;
  const auto samples = mp4::samples_of(index.moov, text.id, kMostChapters);
  if (!samples) return chapters;
  for (const mp4::Sample& sample : *samples)
    chapters.push_back({time_of(sample.start, text.timescale),
                        mp4::read_text_sample(file.read(
                            sample.offset, std::min<std::size_t>(sample.size, kLongestTitle)))});
  return chapters;
}

bool agree(const std::vector<Chapter>& list, const std::vector<Chapter>& text) {
  if (list.size() != std::min<std::size_t>(text.size(), 255)) return false;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (std::chrono::abs(list[i].start - text[i].start) > 1ms ||
        !text[i].title.starts_with(list[i].title))
      return false;
  return true;
}

void read_chapters(const File& file, const Index& index, Film& film) {
  const auto chpl = mp4::find(index.moov, {mp4::fourcc("udta"), mp4::fourcc("chpl")});
  const auto list = chpl ? mp4::read_chapter_list(chpl->body) : std::nullopt;
  std::optional<std::vector<Chapter>> text;
  for (const mp4::Track& track : index.movie.tracks)
    for (const mp4::Track& other : index.movie.tracks)
      if (!text && std::count(track.chapters.begin(), track.chapters.end(), other.id) > 0)
        text = read_text_track(file, index, other);
  film.chapters = text ? *text : list.value_or(std::vector<Chapter>{});
  film.chapters_agree = (!chpl || list) && (!list || !text || agree(*list, *text));
}

// "H.264 (High Profile)", "MPEG-4 AAC".
std::string codec_name(const GstCaps* caps) {
  const GCharPtr name{gst_pb_utils_get_codec_description(caps)};
  return name ? name.get() : "unknown";
}

// Of frames that are held longer than others what qtdemux says is a mean.
void set_rate(const mp4::Track& track, FilmVideo& video) {
  if (track.tick == 0 || track.duration == std::uint64_t{track.tick} * track.samples) return;
  const auto common = std::gcd(track.timescale, track.tick);
  const Fraction rate{track.timescale / common, track.tick / common};
  constexpr std::int64_t kMost = 240;  // a second: beyond that no frame is held, times only jitter
  video.uneven = rate.num <= kMost * rate.den;
  if (video.uneven) video.rate = rate;
}

FilmVideo describe_video(const Passed& passed, const mp4::Track* track,
                         const VerifyOptions& options, int sampled) {
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
  if (track) set_rate(*track, video);
  video.packets = std::ssize(passed.video_packets);
  video.frames = std::ssize(passed.video_frames);
  video.sampled = options.full ? 0 : sampled;
  auto times = options.full ? passed.video_frames : passed.video_packets;
  if (!options.full) std::sort(times.begin(), times.end());
  const bool declared = options.expected && options.expected->rate;
  measure_times(times, declared ? *options.expected->rate : video.rate, video);
  return video;
}

// The edit list is applied to what was decoded, in samples: see open_segment() in film_reader.cpp.
std::int64_t played_samples(const mp4::Movie& movie, const mp4::Track& track, int rate,
                            std::int64_t first, std::int64_t end) {
  if (track.edits.empty()) return end - first;
  std::int64_t played = 0;
  for (const mp4::Edit& edit : track.edits) {
    if (edit.media_time < 0) continue;
    const std::int64_t from = scale_round(edit.media_time, rate, track.timescale);
    const std::int64_t length =
        scale_round(static_cast<std::int64_t>(edit.duration), rate, movie.timescale);
    played += std::max<std::int64_t>(0, std::min(end, from + length) - std::max(first, from));
  }
  return played;
}

FilmAudio describe_audio(const Passed& passed, const Index& index, const mp4::Track& track,
                         bool full) {
  FilmAudio audio;
  audio.codec = codec_name(passed.audio.get());
  const GstStructure* s = gst_caps_get_structure(passed.audio.get(), 0);
  gst_structure_get_int(s, "rate", &audio.rate);
  gst_structure_get_int(s, "channels", &audio.channels);
  audio.packets = passed.audio_packets;
  audio.decoded = full;
  audio.longest_hole = passed.audio_hole;
  const auto samples = [&](Nanoseconds t) {
    return scale_round(std::max<std::int64_t>(t.count(), 0), audio.rate, 1'000'000'000);
  };
  const auto first = full ? passed.audio_decoded_first : passed.audio_first;
  if (!first || audio.rate <= 0) return audio;
  const std::int64_t start = samples(*first);
  const std::int64_t end = full ? start + passed.audio_samples : samples(passed.audio_end);
  audio.samples = played_samples(index.movie, track, audio.rate, start, end);
  audio.first = presented(index.movie, track).from;
  if (!track.edits.empty() && track.edits.back().media_time > 0)
    audio.skipped =
        time_of(static_cast<std::uint64_t>(track.edits.back().media_time), track.timescale);
  audio.end = audio.first + Nanoseconds{scale_floor(audio.samples, 1'000'000'000, audio.rate)};
  return audio;
}

FilmReader::Limits limits_of(const VerifyOptions& options, Nanoseconds duration) {
  const Nanoseconds limit = options.limit > 0ns ? options.limit : Nanoseconds{10min} + duration * 4;
  return {options.stall, FilmReader::Clock::now() + limit, options.stop};
}

// Where the sound's own time has the film's beginning.
Nanoseconds sound_origin(const Index& index) {
  const mp4::Track* sound = find_track(index.movie, mp4::fourcc("soun"));
  if (!sound) return 0ns;
  const auto from = presented(index.movie, *sound).from;
  if (sound->edits.empty() || sound->edits.back().media_time <= 0) return -from;
  return time_of(static_cast<std::uint64_t>(sound->edits.back().media_time), sound->timescale) -
         from;
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

// When frames are shown that decoding can begin with, in order; nothing where the index has none.
std::vector<Nanoseconds> key_frames(const Index& index) {
  constexpr std::size_t kMost = 100'000'000;
  const mp4::Track* track = find_track(index.movie, mp4::fourcc("vide"));
  const auto samples = track && !index.movie.fragmented
                           ? mp4::samples_of(index.moov, track->id, kMost)
                           : std::nullopt;
  std::vector<Nanoseconds> times;
  if (!samples || track->edits.size() > 1) return times;
  const auto delay = track->edits.empty() ? 0 : track->edits.front().media_time;
  for (const auto& s : *samples) {
    const auto shown = static_cast<std::int64_t>(s.start) + s.composition - delay;
    if (s.sync && delay >= 0 && shown >= 0)
      times.push_back(time_of(static_cast<std::uint64_t>(shown), track->timescale));
  }
  std::sort(times.begin(), times.end());
  return times;
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
  Watch(const Index& index, const VerifyOptions& options, const Film& film)
      : origin_{sound_origin(index)},
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

void measure(const std::string& path, const Index& index, const VerifyOptions& options,
             VerifyReport& report) {
  Film& film = report.film;
  for (const mp4::Track& track : index.movie.tracks) {
    const Presented p = presented(index.movie, track);
    film.duration = std::max(film.duration, p.from + p.length);
  }
  film.declared = time_of(index.movie.duration, index.movie.timescale);
  const auto limits = limits_of(options, film.duration);
  Watch watch{index, options, film};
  const auto decoding = options.full      ? Decoding::all
                        : options.planned ? Decoding::sound
                                          : Decoding::none;
  auto eyes = watch.eyes();
  if (options.sound_known && !options.full) eyes.hear = {};
  Passed passed = FilmReader{path, limits, std::move(eyes)}.read(decoding);
  if (!options.full && passed.video && passed.errors.empty()) {
    const auto keys = key_frames(index);
    Passed sampled = FilmReader{path, limits, watch.eyes()}.sample(
        sampled_times(keys, film.duration, options.expected), !keys.empty());
    passed.video_raw = std::move(sampled.video_raw);
    passed.video_frames = std::move(sampled.video_frames);
    std::move(sampled.errors.begin(), sampled.errors.end(), std::back_inserter(passed.errors));
  }
  const mp4::Track* picture = find_track(index.movie, mp4::fourcc("vide"));
  if (passed.video) film.video = describe_video(passed, picture, options, kSampledFrames);
  const mp4::Track* sound = find_track(index.movie, mp4::fourcc("soun"));
  if (passed.audio && sound) film.audio = describe_audio(passed, index, *sound, options.full);
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
  const auto index = read_index(*file, path, report.film);
  if (!index) {
    report.findings.push_back({false, index.error().message});
    return report;
  }
  read_chapters(*file, *index, report.film);
  measure(path, *index, options, report);
  if (options.stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  report.findings = judge(report.film, options.expected.value_or(Expected{}));
  if (options.sound_known && !options.full)
    report.findings.push_back({true, "the sound is its medium's, packet by packet", "voices"});
  if (auto done = judge_content(options, report); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace rostrum
