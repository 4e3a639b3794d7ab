// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timeline_harness.h"

#include "engine/substitution.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>

namespace rostrum::test {
namespace {

// ---- a demuxer that never returns from its first packet, or fails as a source does whose disk
// does

constexpr char kMagic[] = "rostrum stalls here";
constexpr char kUnread[] = "rostrum is unread.!";
static_assert(sizeof kMagic == sizeof kUnread);

std::mutex stall_mutex;
std::condition_variable stall_ended;
bool stalling = true;

struct StallDemux {
  GstElement parent;
};
struct StallDemuxClass {
  GstElementClass parent;
};
GstStaticPadTemplate stall_sink = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rostrum-stall"));
// Never used, but decodebin takes no demuxer without one.
GstStaticPadTemplate stall_src =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS("video/x-h264"));
G_DEFINE_TYPE(StallDemux, stall_demux, GST_TYPE_ELEMENT)

GstFlowReturn stall(GstPad*, GstObject* parent, GstBuffer* buffer) {
  const bool unread = gst_buffer_memcmp(buffer, 0, kUnread, sizeof kUnread - 1) == 0;
  gst_buffer_unref(buffer);
  if (unread) {
    GST_ELEMENT_ERROR(parent, RESOURCE, READ, (nullptr), ("Input/output error"));
    return GST_FLOW_ERROR;
  }
  std::unique_lock lock{stall_mutex};
  stall_ended.wait(lock, [] { return !stalling; });
  return GST_FLOW_ERROR;
}

void stall_demux_class_init(StallDemuxClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &stall_sink);
  gst_element_class_add_static_pad_template(element_class, &stall_src);
  gst_element_class_set_static_metadata(element_class, "Stalling demuxer", "Codec/Demuxer",
                                        "Never returns", "Test");
}

void stall_demux_init(StallDemux* self) {
  auto* pad = gst_pad_new_from_static_template(&stall_sink, "sink");
  gst_pad_set_chain_function(pad, stall);
  gst_element_add_pad(GST_ELEMENT(self), pad);
}

void find_stall(GstTypeFind* find, gpointer) {
  const auto* data = gst_type_find_peek(find, 0, sizeof kMagic - 1);
  if (data &&
      (!memcmp(data, kMagic, sizeof kMagic - 1) || !memcmp(data, kUnread, sizeof kUnread - 1)))
    gst_type_find_suggest_empty_simple(find, GST_TYPE_FIND_MAXIMUM, "application/x-rostrum-stall");
}

void register_stall() {
  ASSERT_TRUE(gst_element_register(nullptr, "mad", GST_RANK_PRIMARY, stall_demux_get_type()));
  ASSERT_TRUE(gst_type_find_register(nullptr, "rostrumteststalltype", GST_RANK_PRIMARY, find_stall,
                                     nullptr, nullptr, nullptr, nullptr));
}

// A file that stalls its decoder until this is gone.
class Stall {
 public:
  explicit Stall(const std::string& path) {
    std::ofstream file{path};
    for (int i = 0; i < 1000; ++i) file << kMagic;
    const std::lock_guard lock{stall_mutex};
    stalling = true;
  }
  ~Stall() {
    const std::lock_guard lock{stall_mutex};
    stalling = false;
    stall_ended.notify_all();
  }
};

// ---- what is reported

struct Reported {
  std::string what;
  Nanoseconds from, to;

  friend bool operator==(const Reported&, const Reported&) = default;
};
void PrintTo(const Reported& r, std::ostream* out) {
  *out << r.what << ' ' << format_time(r.from) << " to " << format_time(r.to);
}

std::vector<Reported> reports(Player& player) {
  std::vector<Reported> all;
  while (const auto message = player.message(GST_MESSAGE_ELEMENT)) {
    const auto s = read_substitution(message.get());
    if (!s) continue;
    EXPECT_EQ(s->asset, "the-asset");
    EXPECT_FALSE(s->why.empty());
    all.push_back({s->what, s->when.from, s->when.to});
  }
  return all;
}

class TimelineSrcDamage : public testing::Test {
 protected:
  static void SetUpTestSuite() { register_stall(); }
  void SetUp() override { make_video(good_, {.frames = 50}); }
  void truncate(const std::string& path, double part) {
    std::filesystem::copy_file(good_, path);
    std::filesystem::resize_file(
        path,
        static_cast<std::uintmax_t>(part * static_cast<double>(std::filesystem::file_size(good_))));
  }
  TempFolder folder_;
  const std::string good_ = folder_.file("good.mp4");
  const std::string bad_ = folder_.file("bad.mp4");
};

// The bad clip between two good ones: 5 frames, 10 frames, 5 frames.
std::vector<ClipSpec> around(const std::string& good, const std::string& bad) {
  return {{.location = good, .duration = 200ms},
          {.location = bad, .start = 200ms, .duration = 400ms},
          {.location = good, .start = 600ms, .in = 1s, .duration = 200ms}};
}

void expect_black_between(const std::vector<int>& shown) {
  EXPECT_EQ(shown, (std::vector<int>{0,  1,  2,  3,  4,  -1, -1, -1, -1, -1,
                                     -1, -1, -1, -1, -1, 25, 26, 27, 28, 29}));
}

TEST_F(TimelineSrcDamage, AMissingFileIsAGapOfItsLength) {
  Player player{around(good_, bad_)};
  expect_black_between(numbers(play_all(player)));
  EXPECT_EQ(reports(player), (std::vector<Reported>{{"missing", 200ms, 600ms}}));
  EXPECT_FALSE(player.message(GST_MESSAGE_ERROR));
}

TEST_F(TimelineSrcDamage, SoIsAFolderAnEmptyFileOneWithoutIndexAndOneThatIsNoMedium) {
  const auto folder = folder_.file("folder");
  std::filesystem::create_directory(folder);
  const auto empty = folder_.file("empty.mp4");
  std::ofstream{empty};
  const auto headless = folder_.file("headless.mp4");  // mp4mux writes its index last
  truncate(headless, 0.6);
  const auto text = folder_.file("text.mp4");
  std::ofstream{text} << "This is no medium.";
  for (const auto& [bad, what] : {std::pair{folder, "missing"},
                                  {empty, "damaged"},
                                  {headless, "damaged"},
                                  {text, "damaged"}}) {
    Player player{around(good_, bad)};
    expect_black_between(numbers(play_all(player)));
    EXPECT_EQ(reports(player), (std::vector<Reported>{{what, 200ms, 600ms}})) << bad;
  }
}

TEST_F(TimelineSrcDamage, ASoundlessFileIsSilence) {
  Player player{{{.location = good_, .start = 100ms, .duration = 400ms}}};
  player.set_text("media", "audio").play();
  gsize bytes = 0;
  while (const auto buffer = player.pull()) bytes += gst_buffer_get_size(buffer.get());
  EXPECT_EQ(bytes, 24000U * 8);
  EXPECT_EQ(reports(player), (std::vector<Reported>{{"damaged", 100ms, 500ms}}));
}

TEST_F(TimelineSrcDamage, AShortMediumIsReportedFromItsEnd) {
  Player player{{{.location = good_, .start = 1s, .in = 1800ms, .duration = 1s}}};
  const auto shown = numbers(play_all(player));
  ASSERT_EQ(shown.size(), 50U);
  for (int n = 0; n < 50; ++n) EXPECT_EQ(shown[n], n < 25 || n >= 30 ? -1 : n + 20) << n;
  EXPECT_EQ(reports(player), (std::vector<Reported>{{"short", 1200ms, 2s}}));
}

TEST_F(TimelineSrcDamage, AnEndThatIsATenthOfASecondEarlyIsNotWorthAWord) {
  Player player{{{.location = good_, .in = 1s, .duration = 1100ms}}};
  EXPECT_EQ(play_all(player).size(), 28U);
  EXPECT_TRUE(reports(player).empty());
}

TEST_F(TimelineSrcDamage, WhatStandsBeforeTheDamageIsPlayed) {
  make_video(good_,
             {.frames = 50,
              .coding = "x264enc speed-preset=ultrafast key-int-max=5 quantizer=20 pass=quant "
                        "! mp4mux faststart=true"});
  truncate(bad_, 0.6);
  Player player{{{.location = bad_, .duration = 2s}}};
  const auto shown = numbers(play_all(player));
  ASSERT_EQ(shown.size(), 50U);
  for (int n = 0; n < 15; ++n) EXPECT_EQ(shown[n], n);
  EXPECT_EQ(shown[49], -1);
  const auto reported = reports(player);
  ASSERT_EQ(reported.size(), 1U);
  EXPECT_GT(reported[0].from, 500ms);
  EXPECT_LT(reported[0].from, 1800ms);
  EXPECT_EQ(reported[0].to, 2s);
}

TEST_F(TimelineSrcDamage, OnRequestItIsOneError) {
  Player player{around(good_, bad_)};
  player.set_text("on-damage", "fail");
  player.play();
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(player.pull());
  const auto error =
      adopt(gst_bus_timed_pop_filtered(player.bus(), 30 * GST_SECOND, GST_MESSAGE_ERROR));
  ASSERT_TRUE(error);
  GError* raw = nullptr;
  gst_message_parse_error(error.get(), &raw, nullptr);
  const GErrorPtr text{raw};
  EXPECT_NE(std::string{text->message}.find("there is no such file"), std::string::npos);
}

TEST_F(TimelineSrcDamage, AStalledMediumIsGivenUpAfterTheTimeout) {
  Player player{around(good_, bad_)};
  const Stall stall{bad_};
  player.set("stall-timeout", GST_SECOND);
  expect_black_between(numbers(play_all(player)));
  EXPECT_EQ(reports(player), (std::vector<Reported>{{"stalled", 200ms, 600ms}}));
}

TEST_F(TimelineSrcDamage, AMediumThatCannotBeReadIsNotCalledDamaged) {
  Player player{around(good_, bad_)};
  std::ofstream{bad_} << kUnread << std::string(1000, '.');
  expect_black_between(numbers(play_all(player)));
  EXPECT_EQ(reports(player), (std::vector<Reported>{{kReadError, 200ms, 600ms}}));
}

TEST_F(TimelineSrcDamage, AFlushEndsTheWaitForAStalledMediumAtOnce) {
  Player player{around(good_, bad_)};
  const Stall stall{bad_};
  player.set("stall-timeout", 600 * GST_SECOND);
  player.play();
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(player.pull());  // the sixth would take ten minutes
  const auto before = std::chrono::steady_clock::now();
  gst_harness_push_upstream_event(
      player.get(),
      gst_event_new_seek(1.0, GST_FORMAT_TIME,
                         static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
                         GST_SEEK_TYPE_SET, 680 * GST_MSECOND, GST_SEEK_TYPE_NONE, -1));
  const auto buffer = player.pull();
  ASSERT_TRUE(buffer);
  EXPECT_EQ(read_number(buffer.get(), {160, 96}), 27);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
}

}  // namespace
}  // namespace rostrum::test
