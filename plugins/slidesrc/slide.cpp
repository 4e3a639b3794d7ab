// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slidesrc/slide.h"

#include "engine/picture.h"

#include <cmath>

namespace rostrum {

namespace {

constexpr std::int64_t kLongest = 1000LL * 3600 * 1'000'000'000;  // the manifest's limit, 1000 h

// A whole number of any type; a launch line makes int of small ones and double of large ones.
std::optional<std::int64_t> number(const GValue* value) {
  if (G_VALUE_HOLDS_INT(value)) return g_value_get_int(value);
  if (G_VALUE_HOLDS_UINT(value)) return g_value_get_uint(value);
  if (G_VALUE_HOLDS_INT64(value)) return g_value_get_int64(value);
  if (G_VALUE_HOLDS_UINT64(value) && g_value_get_uint64(value) <= G_MAXINT64)
    return static_cast<std::int64_t>(g_value_get_uint64(value));
  if (!G_VALUE_HOLDS_DOUBLE(value)) return {};
  const double real = g_value_get_double(value);
  if (real != std::floor(real) || std::abs(real) > 9e15) return {};
  return static_cast<std::int64_t>(real);
}

// The fields of one structure; the first that is wrong is remembered.
class Fields {
 public:
  explicit Fields(const GstStructure* structure) : structure_{structure} {}

  std::int64_t whole(const char* name, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most) {
    const GValue* value = gst_structure_get_value(structure_, name);
    if (!value) return otherwise;
    const auto found = number(value);
    if (found && *found >= least && *found <= most) return *found;
    // A launch line's numbers from 2^31 to 2^32 become negative unless their type is said.
    if (problem_.empty())
      problem_ =
          std::string{"its "} + name + " is out of range (large ones are written (guint64)N)";
    return otherwise;
  }

  std::string text(const char* name) const {
    const char* found = gst_structure_get_string(structure_, name);
    return found ? found : "";
  }

  bool has(const char* name) const { return gst_structure_has_field(structure_, name); }
  const std::string& problem() const { return problem_; }

 private:
  const GstStructure* structure_;
  std::string problem_;
};

Result<Slide> read_slide(const GstStructure* structure) {
  constexpr std::int64_t kWhite = 0xffffff;
  Fields fields{structure};
  Slide slide{.location = fields.text("location"), .asset = fields.text("asset")};
  slide.page = static_cast<int>(fields.whole("page", 1, 1, G_MAXINT));
  slide.size.width = static_cast<int>(fields.whole("width", 0, 0, kLargestPicture));
  slide.size.height = static_cast<int>(fields.whole("height", 0, 0, kLargestPicture));
  if (fields.has("fit")) {
    const auto how = fit_named(fields.text("fit"));
    if (!how) return fail(Kind::usage, "its fit is not \"contain\", \"cover\" or \"stretch\"");
    slide.fit = *how;
  }
  slide.background = static_cast<std::uint32_t>(fields.whole("background", 0, 0, kWhite));
  if (fields.has("color"))
    slide.color = static_cast<std::uint32_t>(fields.whole("color", 0, 0, kWhite));
  const Nanoseconds start{fields.whole("start", 0, 0, kLongest)};
  slide.when = {start, start + Nanoseconds{fields.whole("duration", 0, 0, kLongest)}};
  if (!fields.problem().empty()) return fail(Kind::usage, fields.problem());
  if (slide.location.empty() && !slide.color)
    return fail(Kind::usage, "it has neither location nor color");
  if (slide.when.empty()) return fail(Kind::usage, "it has no duration");
  return slide;
}

}  // namespace

Result<std::vector<Slide>> read_slides(const GValue* array) {
  std::vector<Slide> slides;
  for (guint i = 0; i < gst_value_array_get_size(array); ++i) {
    const GValue* value = gst_value_array_get_value(array, i);
    const auto* structure =
        GST_VALUE_HOLDS_STRUCTURE(value) ? gst_value_get_structure(value) : nullptr;
    auto slide = structure ? read_slide(structure) : fail(Kind::usage, "it is no structure");
    if (!slide)
      return fail(Kind::usage, "slide " + std::to_string(i + 1) + ": " + slide.error().message);
    slides.push_back(std::move(*slide));
  }
  return slides;
}

}  // namespace rostrum
