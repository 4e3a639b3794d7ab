// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/xges.h"

#include "core/export/ges_text.h"
#include "small_meeting.h"

#include <pugixml.hpp>

namespace rostrum::test {
namespace {

// The meeting with a deck of two pictures from 4 s to 8 s.
struct MeetingWithSlides : Meeting {
  AssetPlaces places{{"a", {"file:///m/a%20b.mp4"}},
                     {"b", {"file:///m/b.m4a"}},
                     {"l", {"file:///m/l.png"}},
                     {"p", {"file:///m/deck.PDF"}}};
  pugi::xml_document project;
  std::vector<std::string> warnings;

  MeetingWithSlides() {
    Clip slide;
    slide.asset = "l";
    slide.start = 4s;
    slide.duration = 4s;
    manifest.tracks.push_back({"slides", TrackKind::slides, "", {slide}});
    manifest.title = "Anna's <talk>";
    manifest.canvas.background = 0x102030;
    manifest.tracks[1].clips[0].sound.gain = -6.020599913279624;  // half
  }

  void write() {
    auto made = export_xges({manifest, media, places}, plan());
    warnings = std::move(made.warnings);
    ASSERT_TRUE(project.load_string(made.text.c_str())) << made.text;
  }
  pugi::xml_node timeline() const { return project.select_node("/ges/project/timeline").node(); }
};

// "asset start duration inpoint track-types" of each clip, a line for each layer.
std::vector<std::vector<std::string>> layers_of(const MeetingWithSlides& job) {
  std::vector<std::vector<std::string>> layers;
  for (const auto layer : job.timeline().children("layer")) {
    auto& clips = layers.emplace_back();
    for (const auto clip : layer.children("clip")) {
      std::string text = clip.attribute("asset-id").value();
      for (const char* key : {"start", "duration", "inpoint"})
        text += " " + std::to_string(clip.attribute(key).as_llong() / 1'000'000);
      clips.push_back(text + " " + clip.attribute("track-types").value());
    }
  }
  return layers;
}

TEST(ExportXges, PicturesAndSoundAreClipsOnLayers) {
  MeetingWithSlides job;
  job.write();
  const std::vector<std::vector<std::string>> expected{
      {"file:///m/a%20b.mp4 2000 2000 0 4", "file:///m/a%20b.mp4 4000 4000 2000 4"},
      {"file:///m/l.png 4000 4000 0 4"},
      {"file:///m/a%20b.mp4 2000 6000 0 2"},
      {"file:///m/b.m4a 1000 3000 0 2", "file:///m/b.m4a 5000 4000 4000 2"},
      {"GESTestClip 0 10000 0 4"}};
  EXPECT_EQ(layers_of(job), expected);
}

TEST(ExportXges, PicturesStandWhereThePlanShowsThem) {
  MeetingWithSlides job;
  job.write();
  std::vector<std::string> places;
  for (const auto found : job.project.select_nodes("//clip[@track-types=4]/source"))
    places.push_back(found.node().attribute("children-properties").value());
  ASSERT_EQ(places.size(), 4u);
  const std::string at = "properties, GstFramePositioner::posx=(int)";
  EXPECT_EQ(places[0], at + "0, GstFramePositioner::posy=(int)0, "
                            "GstFramePositioner::width=(int)1280, "
                            "GstFramePositioner::height=(int)720;");
  EXPECT_EQ(places[1], at + "960, GstFramePositioner::posy=(int)0, "
                            "GstFramePositioner::width=(int)320, "
                            "GstFramePositioner::height=(int)180;");
  EXPECT_EQ(places[2], at + "0, GstFramePositioner::posy=(int)240, "
                            "GstFramePositioner::width=(int)960, "
                            "GstFramePositioner::height=(int)240;");
  EXPECT_NE(places[3].find("foreground-color=(uint)4279246896;"), std::string::npos);  // ff102030
}

TEST(ExportXges, GainsAreVolumes) {
  MeetingWithSlides job;
  job.write();
  const auto source = job.project.select_node("//clip[@asset-id='file:///m/b.m4a']/source").node();
  const std::string text = source.attribute("children-properties").value();
  ASSERT_EQ(text.substr(0, 41), "properties, GstVolume::volume=(double)0.5");
}

TEST(ExportXges, TheFormatIsThatOfTheFilm) {
  MeetingWithSlides job;
  job.manifest.canvas.rate = {30000, 1001};
  job.write();
  const std::string track = job.timeline().child("track").attribute("properties").value();
  EXPECT_NE(track.find(R"x(restriction-caps=(string)"video/x-raw\,\ width\=\(int\)1280\,\ )x"
                       R"x(height\=\(int\)720\,\ framerate\=\(fraction\)30000/1001")x"),
            std::string::npos)
      << track;
  const std::string about =
      job.project.child("ges").child("project").attribute("metadatas").value();
  EXPECT_NE(about.find(R"x(name=(string)"Anna\'s\ \<talk\>")x"), std::string::npos) << about;
}

TEST(ExportXges, EveryAssetIsListedOnce) {
  MeetingWithSlides job;
  job.write();
  std::vector<std::string> ids;
  for (const auto asset : job.project.select_nodes("//ressources/asset"))
    ids.push_back(asset.node().attribute("id").value());
  EXPECT_EQ(ids, (std::vector<std::string>{"file:///m/a%20b.mp4", "file:///m/l.png",
                                           "file:///m/b.m4a", "GESTestClip"}));
}

TEST(ExportXges, NoClipGoesBeyondItsMedium) {
  MeetingWithSlides job;
  job.media["a"] = medium(3s, true, true);
  job.write();
  for (const auto& layer : layers_of(job))
    for (const auto& clip : layer)
      if (clip.starts_with("file:///m/a")) {
        EXPECT_TRUE(clip.find(" 3000 0 2") != clip.npos || clip.find(" 2000 0 4") != clip.npos ||
                    clip.find(" 4000 1000 2000 4") != clip.npos)
            << clip;
      }
}

TEST(ExportXges, PagesOfPdfAreLeftOutWithAWord) {
  MeetingWithSlides job;
  job.manifest.assets.push_back({"p", "deck.PDF", {}, {}});
  job.media["p"] = drawing(1600, 900);
  job.manifest.tracks[2].clips[0].asset = "p";
  job.write();
  ASSERT_FALSE(job.warnings.empty());
  EXPECT_EQ(job.warnings[0],
            "track \"slides\": the pages of deck.PDF are left out: GES shows no PDF; make pictures "
            "of them");
}

TEST(GesText, IsQuotedAsGStreamerDoes) {
  EXPECT_EQ(ges_quoted("a b"), R"("a\ b")");
  EXPECT_EQ(ges_quoted("\"\\"), R"("\"\\")");
  EXPECT_EQ(ges_quoted("\xd0\x90\n"), R"("\320\220\012")");
}

}  // namespace
}  // namespace rostrum::test
