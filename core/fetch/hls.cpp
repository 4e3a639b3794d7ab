// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls.h"

#include "core/fetch/hls_attributes.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace rostrum::hls {

namespace {

constexpr Nanoseconds kLongest = std::chrono::hours{kLongestHours};

using Fault = tl::unexpected<std::string>;
using Done = tl::expected<void, std::string>;

Fault fault(std::string why) { return Fault{std::move(why)}; }

// Takes the first line; 4.1 allows CR LF.
std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  return line;
}

// The value of this tag, if the line is one.
std::optional<std::string_view> value_of(std::string_view line, std::string_view tag) {
  if (!line.starts_with(tag)) return {};
  line.remove_prefix(tag.size());
  if (line.empty()) return line;
  if (!line.starts_with(':')) return {};
  return line.substr(1);
}

// Seconds, 4.3.2.1
std::optional<Nanoseconds> read_duration(std::string_view text) {
  double seconds = 0;
  text = text.substr(0, text.find(','));
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end == text.data() || seconds < 0) return {};
  return from_seconds(seconds);
}

// Where nothing else is said, the segment's number is the vector (5.2).
std::array<std::uint8_t, 16> vector_of(std::uint64_t number) {
  std::array<std::uint8_t, 16> iv{};
  for (std::size_t i = 0; i < 8; ++i) iv[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return iv;
}

class MasterReader {
 public:
  explicit MasterReader(const Url& base) : base_{base} {}

  Done read(std::string_view line) {
    if (const auto list = value_of(line, "#EXT-X-STREAM-INF")) return begin_variant(*list);
    if (const auto list = value_of(line, "#EXT-X-MEDIA")) return add_rendition(*list);
    if (line.starts_with('#') || !open_) return {};
    const auto url = resolve_url(base_, line);
    if (!url) return fault("the URL of a rendition is none: " + url.error());
    open_->url = *url;
    result_.variants.push_back(std::move(*open_));
    open_.reset();
    return {};
  }
  MasterPlaylist take() { return std::move(result_); }

 private:
  // 4.3.4.2
  Done begin_variant(std::string_view list) {
    if (result_.variants.size() >= kMostVariants) return fault("it has more than 1000 renditions");
    const Attributes attributes{list};
    open_.emplace();
    open_->bandwidth = read_integer(attributes.text("BANDWIDTH")).value_or(0);
    open_->size = read_resolution(attributes.text("RESOLUTION")).value_or(Size{});
    open_->audio = attributes.text("AUDIO");
    return {};
  }

  // 4.3.4.1
  Done add_rendition(std::string_view list) {
    const Attributes attributes{list};
    if (!attributes.is("TYPE", "AUDIO")) return {};
    if (result_.sounds.size() >= kMostVariants) return fault("it has more than 1000 renditions");
    Rendition sound{std::string{attributes.text("GROUP-ID")}, {}, attributes.is("DEFAULT", "YES")};
    if (attributes.has("URI")) {
      const auto url = resolve_url(base_, attributes.text("URI"));
      if (!url) return fault("the URL of a rendition is none: " + url.error());
      sound.url = *url;
    }
    result_.sounds.push_back(std::move(sound));
    return {};
  }

  const Url& base_;
  MasterPlaylist result_;
  std::optional<Variant> open_;
};

class MediaReader {
 public:
  explicit MediaReader(const Url& base) : base_{base} {}

  Done read(std::string_view line) {
    if (!line.starts_with('#')) return add_segment(line);
    if (const auto value = value_of(line, "#EXTINF")) return set_duration(*value);
    if (const auto value = value_of(line, "#EXT-X-BYTERANGE")) return set_range(*value);
    if (const auto list = value_of(line, "#EXT-X-KEY")) return set_key(Attributes{*list});
    if (const auto list = value_of(line, "#EXT-X-MAP")) return set_map(Attributes{*list});
    if (const auto value = value_of(line, "#EXT-X-MEDIA-SEQUENCE")) return set_number(*value);
    if (value_of(line, "#EXT-X-DISCONTINUITY")) return begin_part();
    if (value_of(line, "#EXT-X-GAP")) gap_ = true;
    if (value_of(line, "#EXT-X-ENDLIST")) ended_ = true;
    if (value_of(line, "#EXT-X-I-FRAMES-ONLY")) return fault("it holds key frames only");
    return {};
  }

  tl::expected<MediaPlaylist, std::string> finish() {
    if (result_.segments.empty()) return fault("it names no segments");
    // 4.3.3.4: without it more segments may come.
    if (!ended_) return fault("it is still being recorded, or cut off: it has no #EXT-X-ENDLIST");
    return std::move(result_);
  }

 private:
  Done set_duration(std::string_view value) {
    duration_ = read_duration(value);
    if (!duration_) return fault("the length of a segment is none");
    return {};
  }

  // 4.3.2.2: n[@o]
  static tl::expected<ByteRange, std::string> read_range(std::string_view text,
                                                         std::optional<std::uint64_t> next) {
    const auto at = std::min(text.find('@'), text.size());
    const auto length = read_integer(text.substr(0, at));
    const auto offset = at == text.size() ? next : read_integer(text.substr(at + 1));
    if (!length || *length == 0 || !offset ||
        *length > std::numeric_limits<std::int64_t>::max() - *offset)
      return fault("a byte range is none");
    return ByteRange{*offset, *length};
  }

  Done set_range(std::string_view value) {
    range_ = value;
    return {};
  }

  Done set_number(std::string_view value) {
    const auto number = read_integer(value);
    if (!number) return fault("the number of its first segment is none");
    number_ = *number;
    return {};
  }

  // 4.3.2.4
  Done set_key(const Attributes& attributes) {
    key_.reset();
    vector_.reset();
    if (attributes.is("METHOD", "NONE")) return {};
    if (!attributes.is("METHOD", "AES-128"))
      return fault("it is encrypted by \"" + std::string{attributes.text("METHOD").substr(0, 40)} +
                   "\"; of encryptions only AES-128 is read");
    if (attributes.has("KEYFORMAT") && !attributes.is("KEYFORMAT", "identity"))
      return fault("its key is held by a system of rights management");
    const auto url = resolve_url(base_, attributes.text("URI"));
    if (!url) return fault("the URL of a key is none: " + url.error());
    key_ = *url;
    if (!attributes.has("IV")) return {};
    vector_ = read_vector(attributes.text("IV"));
    if (!vector_) return fault("the initialization vector of a key is none");
    return {};
  }

  // 4.3.2.5
  Done set_map(const Attributes& attributes) {
    const auto url = resolve_url(base_, attributes.text("URI"));
    if (!url) return fault("the URL of an initialization section is none: " + url.error());
    Piece map{*url, {}, {}};
    if (attributes.has("BYTERANGE")) {
      const auto range = read_range(attributes.text("BYTERANGE"), 0);
      if (!range) return fault(range.error());
      map.range = *range;
    }
    if (key_) {
      if (!vector_) return fault("an initialization section is encrypted without a vector");
      map.key = Key{*key_, *vector_};
    }
    const auto known = std::find(result_.maps.begin(), result_.maps.end(), map);
    map_ = static_cast<std::size_t>(known - result_.maps.begin());
    if (known != result_.maps.end()) return {};
    if (result_.maps.size() >= kMostParts)
      return fault("it has more than 1000 initialization sections");
    result_.maps.push_back(std::move(map));
    return {};
  }

  // 4.3.2.3; one before the first segment separates nothing
  Done begin_part() {
    if (result_.segments.empty() || result_.segments.back().part < part_) return {};
    if (++part_ >= kMostParts) return fault("it has 1000 discontinuities or more");
    return {};
  }

  Done add_segment(std::string_view line) {
    if (!duration_) return {};  // 4.1: a URI without a length is no segment
    if (result_.segments.size() >= kMostSegments) return fault("it has more than 100000 segments");
    total_ += *duration_;
    if (total_ > kLongest) return fault("it is longer than 1000 hours");
    const auto url = resolve_url(base_, line);
    if (!url) return fault("the URL of a segment is none: " + url.error());
    Segment segment{{*url, {}, {}}, *duration_, map_, part_, gap_};
    if (auto done = complete(segment.piece); !done) return done;
    result_.segments.push_back(std::move(segment));
    duration_.reset();
    gap_ = false;
    ++number_;
    return {};
  }

  // Its range and its key.
  Done complete(Piece& piece) {
    if (key_) piece.key = Key{*key_, vector_.value_or(vector_of(number_))};
    if (!range_.empty()) {
      const auto* before = result_.segments.empty() ? nullptr : &result_.segments.back().piece;
      std::optional<std::uint64_t> next;
      if (before && before->range && before->url == piece.url)
        next = before->range->offset + before->range->length;
      const auto range = read_range(range_, next);
      if (!range) return fault(range.error());
      piece.range = *range;
      range_ = {};
    }
    return {};
  }

  const Url& base_;
  MediaPlaylist result_;
  bool ended_ = false;
  std::uint64_t number_ = 0;
  std::size_t part_ = 0;
  Nanoseconds total_{0};
  std::optional<Url> key_;
  std::optional<std::array<std::uint8_t, 16>> vector_;
  std::optional<std::size_t> map_;

  // Of the next segment.
  std::optional<Nanoseconds> duration_;
  std::string_view range_;
  bool gap_ = false;
};

}  // namespace

tl::expected<std::variant<MasterPlaylist, MediaPlaylist>, std::string> parse_playlist(
    std::string_view text, const Url& base) {
  if (text.size() > kLargestPlaylist) return fault("it is larger than 16 MiB");
  const bool playlist = next_line(text) == "#EXTM3U";  // 4.3.1.1
  if (!playlist) return fault("it is no HLS playlist: it does not begin with #EXTM3U");
  MasterReader master{base};
  MediaReader media{base};
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) continue;
    if (auto done = master.read(line); !done) return fault(done.error());
    if (auto done = media.read(line); !done) return fault(done.error());
  }
  auto renditions = master.take();
  if (!renditions.variants.empty()) return renditions;
  auto segments = media.finish();
  if (!segments) return fault(segments.error());
  return std::move(*segments);
}

}  // namespace rostrum::hls
