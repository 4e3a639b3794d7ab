// SPDX-License-Identifier: LGPL-2.1-or-later
// Overlays in composed frames: where, when, and nothing else.
#include "engine/overlays.h"

#include "core/plan_overlays.h"
#include "engine/chunk_keys.h"
#include "engine/picture_canvas.h"
#include "engine/substitution.h"
#include "pictures.h"

#include <gst/app/gstappsink.h>

#include <cstring>
#include <optional>

using namespace rostrum;
using namespace rostrum::test;

namespace {

constexpr Size kCanvas{320, 180};
constexpr std::uint32_t kBackground = 0xc08040;

// A plain canvas.
Slice plain_slice(FrameRange frames, Fraction rate = {25, 1}) {
  Slice slice;
  slice.canvas = kCanvas;
  slice.grid = FrameGrid{rate};
  slice.frames = frames;
  Piece piece;
  piece.start = slice.grid.start(frames.first);
  piece.duration = slice.grid.start(frames.end) - piece.start;
  piece.size = kCanvas;
  piece.color = kBackground;
  Slot slot;
  slot.slides = true;
  slot.pieces = {piece};
  slot.placements = {{frames.first, {0, 0, kCanvas.width, kCanvas.height}}};
  slice.slots = {slot};
  return slice;
}

Overlay label(const std::string& text, FrameRange frames) {
  auto overlay = label_on({0, 0, kCanvas.width, kCanvas.height}, kCanvas);
  overlay.text = text;
  overlay.frames = frames;
  return overlay;
}

Overlay logo(Rect rect, FrameRange frames, int opacity = 1000) {
  Overlay overlay;
  overlay.kind = OverlayKind::logo;
  overlay.rect = rect;
  overlay.frames = frames;
  overlay.asset = "logo";
  overlay.opacity = opacity;
  return overlay;
}

// The overlays that stand within the slice's frames, cut to them as the plan does.
Slice with(Slice slice, const std::vector<Overlay>& overlays) {
  Plan plan;
  plan.overlays = overlays;
  slice.overlays = overlays_within(plan, slice.frames);
  return slice;
}

struct Rendering {
  std::vector<GstPtr<GstBuffer>> frames;
  std::vector<Substitution> substitutions;
  std::string error;
};

Rendering render(const Slice& slice, const AssetPaths& paths = {},
                 OnDamage on_damage = OnDamage::substitute) {
  Rendering found;
  auto bin = make_video_bin({slice, paths, on_damage, {}});
  EXPECT_TRUE(bin) << (bin ? "" : bin.error().message);
  const auto pipeline = retain(gst_pipeline_new(nullptr));
  auto* composed = bin->get();
  auto* sink = gst_element_factory_make("appsink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), bin->release(), sink, nullptr);
  g_object_set(sink, "sync", FALSE, nullptr);
  EXPECT_TRUE(gst_element_link(composed, sink));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  while (const auto sample =
             adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND)))
    found.frames.push_back(retain(gst_sample_get_buffer(sample.get())));
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  while (const auto message = adopt(gst_bus_pop(bus.get()))) {
    if (auto s = read_substitution(message.get())) found.substitutions.push_back(std::move(*s));
    if (GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_ERROR || !found.error.empty()) continue;
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const GErrorPtr error{raw};
    found.error = error->message;
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return found;
}

std::string bytes_of(GstBuffer* buffer) {
  std::string bytes(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

// The smallest even rectangle outside of which two frames are the same, chroma included.
Rect difference(const std::string& a, const std::string& b) {
  const auto info = frame_info(kCanvas);
  int left = kCanvas.width;
  int top = kCanvas.height;
  int right = 0;
  int bottom = 0;
  for (int plane = 0; plane < 3; ++plane) {
    const int shrink = plane == 0 ? 1 : 2;
    for (int y = 0; y < kCanvas.height / shrink; ++y)
      for (int x = 0; x < kCanvas.width / shrink; ++x) {
        const auto at = info.offset[plane] + static_cast<gsize>(y * info.stride[plane] + x);
        if (a[at] == b[at]) continue;
        left = std::min(left, x * shrink);
        right = std::max(right, (x + 1) * shrink);
        top = std::min(top, y * shrink);
        bottom = std::max(bottom, (y + 1) * shrink);
      }
  }
  return right > left ? Rect{left, top, right - left, bottom - top} : Rect{};
}

bool inside(Rect inner, Rect outer) {
  return inner.x >= outer.x && inner.y >= outer.y &&
         inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

}  // namespace

TEST(OverlayDrawing, ALabelIsInExactlyItsFramesAndItsRectangle) {
  for (const auto rate : {Fraction{25, 1}, Fraction{30000, 1001}, Fraction{24000, 1001}}) {
    const FrameRange frames{1000, 1030};
    const auto plain = render(plain_slice(frames, rate));
    const auto name = label("Анна Петрова", {1007, 1023});
    const auto named = render(with(plain_slice(frames, rate), {name}));
    ASSERT_EQ(plain.frames.size(), 30U);
    ASSERT_EQ(named.frames.size(), 30U);
    for (std::size_t i = 0; i < 30; ++i) {
      const auto changed =
          difference(bytes_of(plain.frames[i].get()), bytes_of(named.frames[i].get()));
      const bool expected = i >= 7 && i < 23;
      EXPECT_EQ(changed.width > 20 && changed.height > 10, expected) << i;
      EXPECT_TRUE(expected ? inside(changed, name.rect) : changed == Rect{}) << i;
    }
  }
}

TEST(OverlayDrawing, IsTheSameHoweverTheFramesAreCut) {
  const Fraction rate{30000, 1001};
  const std::vector<Overlay> overlays{label("Anna", {3, 18}), label("Борис", {18, 19}),
                                      label("Anna", {25, 40})};
  const auto whole = render(with(plain_slice({0, 40}, rate), overlays));
  ASSERT_EQ(whole.frames.size(), 40U);
  for (const std::int64_t length : {1, 7, 18}) {
    for (std::int64_t first = 0; first < 40; first += length) {
      const FrameRange part{first, std::min<std::int64_t>(first + length, 40)};
      const auto cut = render(with(plain_slice(part, rate), overlays));
      ASSERT_EQ(static_cast<std::int64_t>(cut.frames.size()), part.count());
      for (std::size_t i = 0; i < cut.frames.size(); ++i)
        ASSERT_EQ(bytes_of(cut.frames[i].get()),
                  bytes_of(whole.frames[static_cast<std::size_t>(first) + i].get()))
            << length << " " << first << " " << i;
    }
  }
}

TEST(OverlayDrawing, AnEdgeIsABorderAndRoundCornersAndNothingElse) {
  Overlay edge;
  edge.kind = OverlayKind::edge;
  edge.frames = {0, 1};
  edge.rect = {100, 40, 120, 80};
  edge.edge = {20, 4, 0xffffff};
  edge.behind = 0x000000;
  const auto plain = render(plain_slice({0, 1})).frames;
  const auto frames = render(with(plain_slice({0, 1}), {edge})).frames;
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(difference(bytes_of(plain[0].get()), bytes_of(frames[0].get())), edge.rect);
  const auto luma = [&](int x, int y) { return pixel(frames[0].get(), kCanvas, x, y).y; };
  const int inside = pixel(plain[0].get(), kCanvas, 160, 80).y;
  for (const auto& [x, y] : {std::pair{100, 40}, {219, 40}, {100, 119}, {219, 119}, {104, 44}})
    EXPECT_NEAR(luma(x, y), 16, 2) << "outside of a corner: " << x << "," << y;
  for (const auto& [x, y] : {std::pair{160, 40}, {160, 43}, {101, 80}, {219, 80}, {160, 119}})
    EXPECT_NEAR(luma(x, y), 235, 2) << "the border: " << x << "," << y;
  for (const auto& [x, y] : {std::pair{160, 45}, {106, 80}, {114, 54}, {160, 80}})
    EXPECT_EQ(luma(x, y), inside) << "the picture: " << x << "," << y;
}

TEST(OverlayDrawing, ALabelIsLegibleOnWhiteAndOnBlack) {
  for (const std::uint32_t color : {0xffffffU, 0x000000U}) {
    auto slice = plain_slice({0, 1});
    slice.slots[0].pieces[0].color = color;
    const auto name = label("HHHH", {0, 1});
    const auto frames = render(with(slice, {name})).frames;
    ASSERT_EQ(frames.size(), 1U);
    int darkest = 255;
    int brightest = 0;
    for (int x = name.rect.x + 4; x < name.rect.x + 30; ++x) {
      const auto p = pixel(frames[0].get(), kCanvas, x, name.rect.y + name.rect.height / 2);
      darkest = std::min(darkest, p.y);
      brightest = std::max(brightest, p.y);
    }
    EXPECT_GE(brightest - darkest, 110) << color;
  }
}

TEST(OverlayDrawing, ALogoKeepsItsTransparencyAndItsColours) {
  const Folder folder;
  const auto red_and_nothing = [](cairo_t* cairo) {
    cairo_set_source_rgb(cairo, 1, 0, 0);
    cairo_rectangle(cairo, 0, 0, 20, 20);
    cairo_fill(cairo);
  };
  const auto png = make_png(folder / "l.png", {40, 20}, red_and_nothing, CAIRO_FORMAT_ARGB32);
  const auto svg = folder.write("l.svg",
                                "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>"
                                "<rect width='20' height='20' fill='#f00'/></svg>");
  const Rect rect{200, 20, 80, 40};
  const auto plain = render(plain_slice({0, 1}));
  const auto under = pixel(plain.frames[0].get(), kCanvas, 10, 10);
  for (const auto& path : {png, svg}) {
    const auto frames = render(with(plain_slice({0, 1}), {logo(rect, {0, 1})}), {{"logo", path}});
    ASSERT_EQ(frames.frames.size(), 1U) << frames.error;
    EXPECT_PIXEL(frames.frames[0].get(), kCanvas, 220, 40, (Yuv{63, 102, 240}));
    EXPECT_PIXEL(frames.frames[0].get(), kCanvas, 260, 40, under);
    EXPECT_TRUE(
        inside(difference(bytes_of(plain.frames[0].get()), bytes_of(frames.frames[0].get())),
               {200, 20, 44, 40}));
    const auto faint =
        render(with(plain_slice({0, 1}), {logo(rect, {0, 1}, 250)}), {{"logo", path}});
    EXPECT_PIXEL(faint.frames[0].get(), kCanvas, 220, 40,
                 (Yuv{(63 + 3 * under.y) / 4, (102 + 3 * under.u) / 4, (240 + 3 * under.v) / 4}));
  }
}

TEST(OverlayDrawing, ALogoThatCannotBeReadIsReportedOnceAndLeftOut) {
  const Folder folder;
  const auto path = folder.write("l.png", "\x89PNG\r\n\x1a\n and nothing else");
  const auto slice = with(plain_slice({50, 60}), {logo({0, 0, 40, 20}, {52, 58})});
  const auto found = render(slice, {{"logo", path}});
  EXPECT_EQ(found.frames.size(), 10U);
  ASSERT_EQ(found.substitutions.size(), 1U);
  EXPECT_EQ(found.substitutions[0].asset, "logo");
  EXPECT_EQ(found.substitutions[0].when, (Interval{2080ms, 2320ms}));
  const auto plain = render(plain_slice({50, 60}));
  EXPECT_EQ(bytes_of(found.frames[5].get()), bytes_of(plain.frames[5].get()));
  EXPECT_NE(render(slice, {{"logo", path}}, OnDamage::fail).error, "");
}
