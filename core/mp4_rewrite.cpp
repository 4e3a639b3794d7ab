// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_rewrite.h"

#include "core/mp4_chapters.h"
#include "core/mp4_movie.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace rostrum::mp4 {

namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kFinestTimescale = 10'000'000;
constexpr FourCc kName = 0xa96e616d;  // (c)nam

int version_for(std::uint64_t value) { return value > kMax32 ? 1 : 0; }

std::uint64_t scaled(std::uint64_t value, std::uint64_t num, std::uint64_t den) {
  return static_cast<std::uint64_t>(scale_round(static_cast<std::int64_t>(value),
                                                static_cast<std::int64_t>(num),
                                                static_cast<std::int64_t>(den)));
}

// The movie time scale in which every track's length is a whole number of units, so that picture
// and sound both end exactly; also a multiple of 1 ms.
std::uint32_t common_timescale(const Movie& movie) {
  std::uint64_t common = 1000;
  for (const Track& track : movie.tracks) {
    const std::uint64_t unit = std::gcd(track.timescale, track.tick);
    const bool sound = track.handler == fourcc("soun");  // may be cut at any sample
    const std::uint64_t finer = std::lcm(common, track.timescale / (sound ? 1 : unit));
    if (finer <= kFinestTimescale) common = finer;
  }
  return static_cast<std::uint32_t>(common);
}

class MovieWriter {
 public:
  MovieWriter(View moov, const Movie& movie, const MovieEdit& edit, const Payload& payload)
      : moov_{moov},
        movie_{movie},
        edit_{edit},
        payload_{payload},
        timescale_{common_timescale(movie)} {
    for (const Track& track : movie.tracks) {
      edits_.push_back(presented(track));
      std::uint64_t length = 0;
      for (const Edit& e : edits_.back()) length += e.duration;
      if (edits_.back().empty()) length = scaled(track.duration, timescale_, track.timescale);
      lengths_.push_back(length);
      duration_ = std::max(duration_, length);
      if (track.handler == fourcc("soun"))
        header_duration_ = std::max(header_duration_, last_packet(track, edits_.back()) + 1);
    }
    header_duration_ = std::max(header_duration_, duration_);
    const Nanoseconds end{
        scale_floor(static_cast<std::int64_t>(duration_), 1'000'000'000, timescale_)};
    chapters_ = playable_chapters(edit.chapters, end, edit.title);
  }

  // Offsets grow by what stands before the payload, whose own size does not depend on them.
  RewrittenMovie write() {
    const std::uint64_t text_size = text_box().size();
    std::uint64_t size = moov_box(0, 0).size();
    const auto last = [&] {
      return std::max(payload_.prefix + size + payload_.size + text_size, payload_.position);
    };
    if (last() > kMax32) {
      wide_ = true;
      size = moov_box(0, 0).size();
    }
    const std::uint64_t position = payload_.prefix + size;
    return {moov_box(position - payload_.position, position + payload_.size + 8), text_box()};
  }

 private:
  std::uint32_t chapter_track() const { return movie_.next_track_id; }

  // 8.6.6: what of a track is presented.  Empty edits (a late start) stay as they are.
  std::vector<Edit> presented(const Track& track) const {
    std::vector<Edit> edits;
    std::int64_t media_time = 0;
    const bool picture = track.handler == fourcc("vide");
    const bool sound = track.handler == fourcc("soun") && edit_.audio_samples > 0;
    for (Edit e : track.edits) {
      e.duration = scaled(e.duration, timescale_, movie_.timescale);
      if (e.media_time >= 0) media_time = e.media_time;
      if (e.media_time < 0 || !(picture || sound)) edits.push_back(e);
    }
    if (picture) edits.push_back({picture_length(track), media_time});
    if (sound) edits.push_back(sound_edit(track));
    return edits;
  }

  // Where qtdemux believes the last packet to be: as if nothing were skipped.
  std::uint64_t last_packet(const Track& track, const std::vector<Edit>& edits) const {
    std::uint64_t at = scaled(track.last_start, timescale_, track.timescale);
    for (const Edit& e : edits)
      if (e.media_time < 0) at += e.duration;
    return at;
  }

  std::uint64_t picture_length(const Track& track) const {
    const std::uint64_t all = scaled(track.duration, timescale_, track.timescale);
    if (edit_.duration <= 0ns) return all;
    const auto planned = scale_round(edit_.duration.count(), timescale_, 1'000'000'000);
    return std::min(all, static_cast<std::uint64_t>(planned));
  }

  // The encoder's priming is skipped, and what it added to fill the last packet is cut off.
  Edit sound_edit(const Track& track) const {
    const auto rate = static_cast<std::uint64_t>(edit_.audio_rate);
    const std::uint64_t skip = std::min(
        scaled(static_cast<std::uint64_t>(edit_.priming), track.timescale, rate), track.duration);
    const std::uint64_t planned =
        scaled(static_cast<std::uint64_t>(edit_.audio_samples), track.timescale, rate);
    return {scaled(std::min(planned, track.duration - skip), timescale_, track.timescale),
            static_cast<std::int64_t>(skip)};
  }

  Bytes moov_box(std::uint64_t shift, std::uint64_t text_offset) {
    out_ = Writer{};
    shift_ = shift;
    out_.box(fourcc("moov"), [&] {
      std::size_t track = 0;
      View user_data;
      const auto boxes = children(moov_);
      for (const Box& box : *boxes) {
        if (box.type == fourcc("mvhd"))
          movie_header(box.body);
        else if (box.type == fourcc("trak"))
          write_track(box.body, track++);
        else if (box.type == fourcc("udta"))
          user_data = box.body;
        else
          out_.raw(box.whole);
      }
      if (!chapters_.empty()) write_text_track(out_, chapters_, text_track(text_offset));
      write_user_data(user_data);
    });
    return out_.release();
  }

  // The sample durations of the text track have 32 bits.
  TextTrack text_track(std::uint64_t offset) const {
    const std::uint32_t timescale = duration_ > kMax32 ? 1000 : timescale_;
    return {chapter_track(), duration_, timescale, scaled(duration_, timescale, timescale_),
            offset,          wide_};
  }

  // 8.2.2.  GStreamer's qtdemux does not play packets whose time, priming included, is past this
  // duration: it must be greater than that of the last packet of sound, even where that is a part
  // of a packet beyond the longest track.
  void movie_header(View body) {
    const int version = version_for(header_duration_);
    out_.full_box(fourcc("mvhd"), version, 0, [&] {
      Reader r{body};
      r.skip(version_of(body) == 1 ? 32 : 20);
      out_.word(version, 0);
      out_.word(version, 0);
      out_.u32(timescale_);
      out_.word(version, header_duration_);
      out_.raw(r.take(76));
      out_.u32(movie_.next_track_id + (chapters_.empty() ? 0 : 1));
    });
  }

  void write_track(View body, std::size_t index) {
    out_.box(fourcc("trak"), [&] {
      const auto boxes = children(body);
      for (const Box& box : *boxes) {
        if (box.type == fourcc("tkhd")) {
          track_header(box.body, lengths_[index]);
          write_edits(edits_[index]);
          // QuickTime: the track reference to the chapters' track
          if (!chapters_.empty())
            out_.box(fourcc("tref"),
                     [&] { out_.box(fourcc("chap"), [&] { out_.u32(chapter_track()); }); });
        } else if (box.type == fourcc("mdia")) {
          container(box);
        } else if (box.type != fourcc("edts") && box.type != fourcc("tref")) {
          out_.raw(box.whole);
        }
      }
    });
  }

  // 8.3.2
  void track_header(View body, std::uint64_t length) {
    const int version = version_for(length);
    const std::uint32_t flags = Reader{body}.u32() & 0xffffff;
    out_.full_box(fourcc("tkhd"), version, flags, [&] {
      Reader r{body};
      r.skip(version_of(body) == 1 ? 20 : 12);
      out_.word(version, 0);
      out_.word(version, 0);
      out_.u32(r.u32());
      out_.u32(0);
      r.skip(version_of(body) == 1 ? 12 : 8);
      out_.word(version, length);
      out_.raw(r.rest());
    });
  }

  void write_edits(const std::vector<Edit>& edits) {
    if (edits.empty()) return;
    int version = 0;
    for (const Edit& e : edits)
      if (e.duration > kMax32 || e.media_time > std::numeric_limits<std::int32_t>::max())
        version = 1;
    out_.box(fourcc("edts"), [&] {
      out_.full_box(fourcc("elst"), version, 0, [&] {
        out_.u32(edits.size());
        for (const Edit& e : edits) {
          out_.word(version, e.duration);
          out_.word(version, static_cast<std::uint64_t>(e.media_time));
          out_.u32(e.rate);
        }
      });
    });
  }

  void container(const Box& parent) {
    out_.box(parent.type, [&] {
      const auto boxes = children(parent.body);
      for (const Box& box : *boxes) {
        if (box.type == fourcc("minf") || box.type == fourcc("stbl"))
          container(box);
        else if (box.type == fourcc("stco") || box.type == fourcc("co64"))
          write_offsets(box);
        else if (box.type == fourcc("mdhd"))
          media_header(box);
        else
          out_.raw(box.whole);
      }
    });
  }

  // 8.4.2
  void media_header(const Box& box) {
    out_.box(box.type, [&] {
      const std::size_t times = version_of(box.body) == 1 ? 16 : 8;
      Reader r{box.body};
      out_.raw(r.take(4));
      out_.zeros(times);
      r.skip(times);
      out_.raw(r.rest());
    });
  }

  // 8.7.5
  void write_offsets(const Box& box) {
    const bool was_wide = box.type == fourcc("co64");
    const bool wide = wide_ || was_wide;
    out_.full_box(wide ? fourcc("co64") : fourcc("stco"), 0, 0, [&] {
      Reader r{box.body};
      r.skip(4);
      const auto count = std::min<std::size_t>(r.u32(), r.left() / (was_wide ? 8 : 4));
      out_.u32(count);
      for (std::size_t i = 0; i < count; ++i)
        out_.word(wide ? 1 : 0, r.word(was_wide ? 1 : 0) + shift_);
    });
  }

  // 8.10.1
  void write_user_data(View old) {
    const auto boxes = children(old).value_or(std::vector<Box>{});
    if (boxes.empty() && chapters_.empty() && edit_.title.empty()) return;
    out_.box(fourcc("udta"), [&] {
      View items;
      if (const auto ilst = find_items(boxes)) items = ilst->body;
      for (const Box& box : boxes)
        if (box.type != fourcc("chpl") && (box.type != fourcc("meta") || edit_.title.empty()))
          out_.raw(box.whole);
      if (!edit_.title.empty()) write_title(items);
      if (!chapters_.empty()) write_chapter_list(out_, chapters_);
    });
  }

  static std::optional<Box> find_items(const std::vector<Box>& boxes) {
    for (const Box& box : boxes)
      if (box.type == fourcc("meta") && box.body.size() >= 4)
        return find(box.body.subspan(4), {fourcc("ilst")});
    return {};
  }

  // QuickTime metadata as iTunes writes it: the other items stay.
  void write_title(View items) {
    out_.full_box(fourcc("meta"), 0, 0, [&] {
      out_.full_box(fourcc("hdlr"), 0, 0, [&] {
        out_.u32(0);
        out_.text("mdirappl");
        out_.zeros(9);
      });
      out_.box(fourcc("ilst"), [&] {
        for (const Box& item : children(items).value_or(std::vector<Box>{}))
          if (item.type != kName) out_.raw(item.whole);
        out_.box(kName, [&] {
          out_.box(fourcc("data"), [&] {
            out_.u32(1);  // UTF-8
            out_.u32(0);
            out_.text(edit_.title);
          });
        });
      });
    });
  }

  Bytes text_box() const {
    Writer out;
    if (!chapters_.empty())
      out.box(fourcc("mdat"), [&] {
        for (const Bytes& sample : text_samples(chapters_)) out.raw(sample);
      });
    return out.release();
  }

  View moov_;
  const Movie& movie_;
  const MovieEdit& edit_;
  const Payload& payload_;
  std::uint32_t timescale_;
  std::vector<std::vector<Edit>> edits_;  // of each track
  std::vector<std::uint64_t> lengths_;
  std::uint64_t duration_ = 0;         // of the longest track
  std::uint64_t header_duration_ = 0;  // see movie_header()
  std::vector<Chapter> chapters_;
  bool wide_ = false;
  std::uint64_t shift_ = 0;  // modulo 2^64: offsets may also get smaller
  Writer out_;
};

}  // namespace

Result<RewrittenMovie> rewrite_movie(View moov, const MovieEdit& edit, const Payload& payload) {
  const auto movie = read_movie(moov);
  if (!movie) return tl::unexpected(movie.error());
  if (movie->fragmented) return fail(Kind::media, "a fragmented movie cannot be finished");
  bool sound = false;
  for (const Track& track : movie->tracks) {
    sound = sound || track.handler == fourcc("soun");
    const bool inside = track.first_offset >= payload.position &&
                        track.last_offset < payload.position + payload.size;
    if (track.samples > 0 && !inside)
      return fail(Kind::media, "the movie's samples are not all in its 'mdat' box");
  }
  if (edit.audio_samples > 0 && !sound)
    return fail(Kind::media, "there is no sound track where sound was to be");
  if (edit.audio_rate <= 0 || edit.priming < 0)
    return fail(Kind::internal, "sample rate or priming of the sound is out of range");
  return MovieWriter{moov, *movie, edit, payload}.write();
}

}  // namespace rostrum::mp4
