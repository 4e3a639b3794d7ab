// SPDX-License-Identifier: LGPL-2.1-or-later
// What slidesrc does with slides that cannot be shown, and with settings that make no sense.
#include "slide_player.h"

#include <sys/stat.h>

#include <chrono>

namespace rostrum {
namespace {

using namespace rostrum::test;

constexpr double kR[] = {1, 0, 0};
constexpr Yuv kGrey{201, 128, 128};

// The programs of a folder of our own instead of the system's, for as long as it lives.
class OnlyPath {
 public:
  explicit OnlyPath(const std::string& path) : before_{g_getenv("PATH")} {
    g_setenv("PATH", path.c_str(), TRUE);
  }
  OnlyPath(const OnlyPath&) = delete;
  OnlyPath& operator=(const OnlyPath&) = delete;
  ~OnlyPath() { g_setenv("PATH", before_.c_str(), TRUE); }

 private:
  std::string before_;
};

TEST(SlideSrcDamage, AnUnreadablePageBecomesAPlainSlideAndAMessage) {
  const Folder folder;
  const auto pdf = make_pdf(folder / "deck.pdf", {{64, 36, halves(64, 36, kR, kR)}});
  auto cut = content_of(pdf);
  cut.replace(cut.size() / 4, cut.size() / 2, std::string(cut.size() / 2, '?'));
  const struct {
    std::string location;
    int page;
    const char* what;
  } cases[] = {{folder / "absent.png", 1, "missing"},
               {folder.write("empty.png", ""), 1, "unreadable"},
               {folder.write("garbage.jpg", "\xff\xd8\xff garbage \xff\xd9"), 1, "unreadable"},
               {folder.write("garbage.pdf", "%PDF-1.7 garbage"), 1, "unreadable"},
               {folder.write("cut.pdf", cut), 1, "unreadable"},
               {pdf, 2, "unreadable"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.location);
    Player player{"",
                  "",
                  {{c.location, 80 * GST_MSECOND, 400 * GST_MSECOND, c.page, ", asset=deck"},
                   {"", 480 * GST_MSECOND, 400 * GST_MSECOND, 1, ", color=0xff0000"}}};
    const auto buffers = player.play();
    ASSERT_EQ(buffers.size(), 22U);
    for (std::size_t i = 2; i < 12; ++i) EXPECT_PIXEL(buffers[i].get(), kSmall, 2, 2, kGrey);
    EXPECT_PIXEL(buffers[12].get(), kSmall, 2, 2, kRed);
    const auto found = player.substitutions();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what, c.what);
    EXPECT_EQ(found[0].asset, "deck");
    EXPECT_EQ(found[0].when, (Interval{80ms, 480ms}));
    EXPECT_FALSE(found[0].why.empty());
    EXPECT_TRUE(player.errors().empty());
  }
}

TEST(SlideSrcDamage, IsAnErrorWhenAskedToFail) {
  Player player{"on-damage=fail", "", {{"/nowhere/a.png", 0, GST_SECOND}}};
  EXPECT_TRUE(player.play().empty());
  const auto errors = player.errors();
  ASSERT_FALSE(errors.empty());  // GstBaseSrc adds a general one of its own
  EXPECT_NE(errors[0].find("/nowhere/a.png"), std::string::npos);
}

TEST(SlideSrcDamage, NamesThePackageThatDrawsPdf) {
  const Folder folder;
  const auto pdf = make_pdf(folder / "deck.pdf", {{64, 36, halves(64, 36, kR, kR)}});
  const OnlyPath path{folder / "."};
  Player player{"", "", {{pdf, 0, 400 * GST_MSECOND}}};
  EXPECT_EQ(player.play().size(), 10U);
  const auto found = player.substitutions();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].why.find("poppler-utils"), std::string::npos);
}

// A program that is not confined may write, here to the test.
class Unconfined {
 public:
  Unconfined() { g_setenv("ROSTRUM_SANDBOX", "off", TRUE); }
  ~Unconfined() { g_unsetenv("ROSTRUM_SANDBOX"); }
};

// A pdfinfo that never ends: stopping and flushing must not wait for its time limit.
TEST(SlideSrcDamage, StopsAndSeeksWhileAProgramHangs) {
  const Unconfined unconfined;
  const Folder folder;
  const auto pdf = make_pdf(folder / "deck.pdf", {{64, 36, halves(64, 36, kR, kR)}});
  const auto started = folder / "started";
  ASSERT_EQ(mkfifo(started.c_str(), 0600), 0);
  folder.write("pdfinfo", "#!/bin/sh\necho on > " + started + "\nexec tail -f /dev/null\n");
  std::filesystem::permissions(folder / "pdfinfo", std::filesystem::perms::owner_all);
  const OnlyPath path{(folder / ".") + ":" + g_getenv("PATH")};
  Player player{
      "", "", {{"", 0, GST_SECOND, 1, ", color=0xff0000"}, {pdf, GST_SECOND, GST_SECOND}}};
  const auto begin = std::chrono::steady_clock::now();
  gst_element_set_state(player.pipeline(), GST_STATE_PLAYING);
  EXPECT_EQ(content_of(started), "on\n");  // waits until the program runs
  EXPECT_TRUE(
      gst_element_seek_simple(player.pipeline(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SECOND));
  EXPECT_EQ(content_of(started), "on\n");
  player.to(GST_STATE_NULL);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
  EXPECT_TRUE(player.substitutions().empty());
}

TEST(SlideSrcDamage, RefusesSettingsThatMakeNoSense) {
  const struct {
    std::vector<TestSlide> slides;
    const char* properties;
    const char* why;
  } cases[] = {
      {{}, "", "Nothing to show"},
      {{{"", 0, 1}}, "", "slide 1: it has neither location nor color"},
      {{{"a", 0, 0}}, "", "slide 1: it has no duration"},
      {{{"a", 0, 1}, {"a", 0, 1, 0}}, "", "slide 2: its page is out of range"},
      {{{"a", 0, G_MAXUINT64}}, "", "its duration is out of range"},
      {{{"a", 0, 1, 1, ", width=100000"}}, "", "its width is out of range"},
      {{{"a", 0, 1, 1, ", color=red"}}, "", "its color is out of range"},
      {{}, "location=/nowhere/job.json track=slides", "/nowhere/job.json"},
      {{{"a", 0, 1}}, "location=/nowhere/job.json", "both slides and location"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    Player player{c.properties, "", c.slides};
    EXPECT_EQ(player.to(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    const auto errors = player.errors();
    ASSERT_FALSE(errors.empty());
    EXPECT_NE(errors[0].find(c.why), std::string::npos) << errors[0];
  }
}

TEST(SlideSrcDamage, SaysSoWhenItsCapsAreRefused) {
  Player player{"",
                "capsfilter caps=video/x-raw,format=I420,width=128 !",
                {{"", 0, GST_SECOND, 1, ", color=0xff0000"}}};
  EXPECT_TRUE(player.play().empty());
  EXPECT_EQ(player.errors().size(), 1U);
}

TEST(SlideSrcDamage, PlaysATrackOfAManifest) {
  const Folder folder;
  make_png(folder / "red.png", kSmall, halves(64, 36, kR, kR));
  const auto job = folder.write("job.json", R"({"rostrum": 1, "duration": 2,
      "assets": {"deck": {"uri": "red.png"}, "absent": {"uri": "absent.png"}},
      "tracks": [{"id": "slides", "kind": "slides", "clips": [
        {"asset": "deck", "start": 0.4}, {"asset": "absent", "start": 1, "page": 3}]}]})");
  Player player{"track=slides location=" + job};
  const auto buffers = player.play();
  ASSERT_EQ(buffers.size(), 50U);
  EXPECT_PIXEL(buffers[9].get(), kSmall, 2, 2, kBlack);
  EXPECT_PIXEL(buffers[10].get(), kSmall, 2, 2, kRed);
  EXPECT_PIXEL(buffers[24].get(), kSmall, 2, 2, kRed);
  EXPECT_PIXEL(buffers[25].get(), kSmall, 2, 2, kGrey);
  const auto found = player.substitutions();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].asset, "absent");
  Player other{"track=other location=" + job};
  EXPECT_EQ(other.to(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
}

}  // namespace
}  // namespace rostrum
