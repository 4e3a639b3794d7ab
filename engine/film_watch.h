// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks at the decoded frames and samples of a film as they pass by.
#pragma once

#include "core/film_content.h"
#include "core/plan.h"
#include "engine/loudness_meter.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace rostrum {

// From one look for standstill and black to the next.
inline constexpr Nanoseconds kLookStep = 200ms;

// One thread at a time.
class PictureWatch {
 public:
  // `plan`: what the film is to be; null = not known.  `probes` by time.  `all`: every frame comes
  // by; else there are no probes, and each frame that comes is one.
  PictureWatch(const Plan* plan, std::vector<PictureProbe> probes,
               std::vector<std::int64_t> thumbnails, bool all);

  // The frame that is shown at t of the film.
  void look(GstBuffer* frame, const GstVideoInfo& info, Nanoseconds t);
  FilmPictures take();

 private:
  struct Tile {  // that may stand still
    std::size_t scene;
    std::size_t tile;
    CellMask mask;
    StillWatch watch;
    bool shown;
  };
  using TileKey = std::tuple<std::size_t, std::size_t, int, int, int, int>;

  void look_at_frame(const PictureView& view, Size size, std::int64_t n);
  void look_at_held(std::int64_t end);
  void look_for_standstill(const PictureView& view, Size size, Nanoseconds t);
  void look_at_tiles(const PictureView& view, Size size, std::int64_t frame, Nanoseconds t);
  void look_at_sample(const PictureView& view, Size size, std::int64_t frame);
  void look_at_probes(const PictureView& view, Size size, std::int64_t frame);
  void take_stills(Tile& tile);
  Rect in_film(Rect rect, Size size) const;

  const Plan* plan_;
  const bool all_;
  std::vector<PictureProbe> probes_;
  std::vector<std::int64_t> thumbnails_;  // frames of the film, in order
  std::size_t next_probe_ = 0;
  std::size_t next_thumbnail_ = 0;
  std::deque<std::size_t> open_;  // indices into found_.probes
  // The frame that came last, where frames are left out.
  GstPtr<GstBuffer> before_;
  GstVideoInfo before_info_{};
  std::int64_t before_place_ = 0;
  std::int64_t samples_ = 0;
  std::size_t scene_ = 0;
  std::map<TileKey, Tile> tiles_;
  std::optional<Nanoseconds> looked_;
  Nanoseconds end_{0};
  BlackWatch black_;
  StillWatch still_;
  FilmPictures found_;
};

// One thread at a time.
class SoundWatch {
 public:
  explicit SoundWatch(int channels);

  // Interleaved samples at 48 kHz that are heard from t of the film on; what is before 0 is
  // dropped.
  void listen(std::span<const float> samples, Nanoseconds t);
  FilmSound take();

 private:
  void add(std::span<const float> samples);
  void add_silence(std::int64_t frames);
  void look_for_clipping(std::span<const float> frame);
  void note_clipping();

  const int channels_;
  LoudnessMeter meter_;
  EnvelopeMeter envelope_;
  std::int64_t heard_ = 0;  // samples of each channel
  std::int64_t full_ = 0;   // samples in a row at full scale
  FilmSound found_;
};

}  // namespace rostrum
