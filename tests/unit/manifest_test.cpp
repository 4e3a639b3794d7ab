// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace rostrum {
namespace {

using Json = nlohmann::ordered_json;

std::string source_file(const std::string& path) {
  std::ifstream file{std::string{ROSTRUM_SOURCE_ROOT} + "/" + path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string text_of(const Json& manifest) {
  return manifest.is_string() ? manifest.get<std::string>() : manifest.dump();
}

std::vector<std::string> sorted_pointers(const Problems& problems) {
  std::vector<std::string> result;
  for (const auto& problem : problems) result.push_back(problem.pointer);
  std::sort(result.begin(), result.end());
  return result;
}

std::string listed(const Problems& problems) {
  std::string result;
  for (const auto& [pointer, message] : problems) result += pointer + ": " + message + "\n";
  return result;
}

Problems problems_of(const std::string& text) {
  const auto manifest = parse_manifest(text);
  return manifest ? Problems{} : manifest.error();
}

// A job of one camera track with these clips.
std::string with_clips(const std::string& clips) {
  return R"({"rostrum":1,"assets":{"a":{"uri":"a.mp4"}},"tracks":[{"id":"t","kind":"camera",)"
         R"("clips":[)" +
         clips + "]}]}";
}

TEST(ParseManifest, FindsExactlyTheProblemsOfTheTable) {
  const auto table = Json::parse(source_file("tests/data/manifests.json"));
  ASSERT_GT(table.size(), 80u);
  for (const auto& entry : table) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto problems = problems_of(text_of(entry["manifest"]));
    auto expected = entry["pointers"].get<std::vector<std::string>>();
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(sorted_pointers(problems), expected) << listed(problems);
    EXPECT_EQ(problems.empty(), entry["ok"].get<bool>());
    const auto says = entry.value("says", "");
    EXPECT_NE(listed(problems).find(says), std::string::npos) << says << "\n" << listed(problems);
  }
}

TEST(ParseManifest, ReadsEveryKeyOfTheExample) {
  const auto job = parse_manifest(source_file("data/examples/job.json"));
  ASSERT_TRUE(job) << listed(job.error());
  EXPECT_EQ(job->title, "Quarterly webinar");
  EXPECT_EQ(job->duration, 7201s + 500ms);
  EXPECT_EQ(job->canvas.width, 1280);
  EXPECT_EQ(job->canvas.height, 720);
  EXPECT_EQ(job->canvas.rate, (Fraction{25, 1}));
  ASSERT_TRUE(job->person("anna") && job->person("boris"));
  EXPECT_EQ(job->person("anna")->name, "Анна Петрова");
  EXPECT_EQ(job->person("anna")->role, Role::presenter);
  EXPECT_EQ(job->person("boris")->role, Role::participant);
  EXPECT_EQ(job->person("vera"), nullptr);
  EXPECT_EQ(job->assets.front().id, "anna-1");  // the order of the document
  EXPECT_EQ(job->assets.back().id, "mark");
  const auto* asset = job->asset("anna-1");
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->uri, "media/anna-1.mp4");
  EXPECT_EQ(asset->alternatives.size(), 1u);
  EXPECT_EQ(asset->sha256.size(), 64u);
  EXPECT_EQ(job->asset("anna"), nullptr);
  ASSERT_EQ(job->tracks.size(), 5u);
  EXPECT_EQ(job->tracks[3].kind, TrackKind::microphone);
  EXPECT_EQ(job->tracks[3].person, "boris");
  EXPECT_EQ(job->tracks[2].clips[1].page, 2);
  EXPECT_EQ(job->layout.policy, Policy::webinar);
  EXPECT_EQ(job->chapters, ChapterSource::slides);
  EXPECT_EQ(job->output.path, "out.mp4");
  EXPECT_EQ(job->output.profile, "balanced");
  ASSERT_EQ(job->output.further.size(), 5u);
  EXPECT_EQ(job->output.further[0].kind, OutputKind::film);
  EXPECT_TRUE(job->output.further[1].fragmented);
  EXPECT_EQ(job->output.further[2].renditions, (std::vector<Rendition>{{360, ""}, {180, "fast"}}));
  EXPECT_EQ(job->output.further[3].every, 10s);
  EXPECT_EQ(job->output.further[4].at, 12'500ms);
  EXPECT_EQ(job->on_damage, OnDamage::substitute);
}

TEST(ParseManifest, ReadsTheGraphicsOfTheExample) {
  const auto job = parse_manifest(source_file("data/examples/job.json"));
  ASSERT_TRUE(job) << listed(job.error());
  EXPECT_TRUE(job->layout.labels && job->layout.cards);
  ASSERT_EQ(job->cards.size(), 2u);
  EXPECT_EQ(job->cards[0].place, CardPlace::start);
  EXPECT_EQ(job->cards[0].duration, 5s);
  EXPECT_EQ(job->cards[0].text, "with Анна Петрова");
  EXPECT_EQ(job->cards[0].background, 0x203040u);
  EXPECT_EQ(job->cards[0].color, 0xf0f0f0u);
  EXPECT_EQ(job->cards[1].place, CardPlace::end);
  EXPECT_EQ(job->cards[1].duration, 4s);
  ASSERT_TRUE(job->logo);
  EXPECT_EQ(job->logo->asset, "mark");
  EXPECT_EQ(job->logo->position, Corner::bottom_right);
  EXPECT_EQ(job->logo->width, 0.1);
  EXPECT_EQ(job->logo->margin, 0.03);
  EXPECT_EQ(job->logo->opacity, 0.8);
}

TEST(ParseManifest, ReadsTimesAsNanoseconds) {
  const auto job = parse_manifest(source_file("data/examples/job.json"));
  ASSERT_TRUE(job);
  const auto& clip = job->tracks[0].clips[0];
  EXPECT_EQ(clip.start, 12'480ms);
  EXPECT_EQ(clip.in, 500ms);
  EXPECT_EQ(clip.duration, 600s);
  EXPECT_EQ(clip.muted, (std::vector<Interval>{{30s, 45'500ms}, {130'250ms, 150s}}));
  EXPECT_EQ(clip.hidden, (std::vector<Interval>{{300s, 320s}}));
  EXPECT_EQ(job->tracks[0].clips[1].start, 612'480ms);
  EXPECT_FALSE(job->tracks[0].clips[1].duration);
  EXPECT_EQ(job->tracks[1].clips[0].duration, 900s);
}

TEST(ParseManifest, KnowsItsDefaults) {
  const auto job = parse_manifest(R"({"rostrum":1,"tracks":[]})");
  ASSERT_TRUE(job);
  EXPECT_FALSE(job->duration);
  EXPECT_FALSE(job->canvas.automatic);
  EXPECT_EQ(job->canvas.width, 1280);
  EXPECT_EQ(job->canvas.rate, (Fraction{25, 1}));
  EXPECT_EQ(job->layout.policy, Policy::webinar);
  EXPECT_FALSE(job->chapters);
  EXPECT_EQ(job->output.encoder, "auto");
}

TEST(ParseManifest, ReadsTheCanvas) {
  const auto job =
      parse_manifest(R"({"rostrum":1,"tracks":[],"canvas":{"size":"1080x1920","rate":"60000/2002",)"
                     R"("background":"#FF8001"}})");
  ASSERT_TRUE(job) << listed(job.error());
  EXPECT_EQ(job->canvas.width, 1080);
  EXPECT_EQ(job->canvas.height, 1920);
  EXPECT_EQ(job->canvas.rate, (Fraction{30000, 1001}));
  EXPECT_EQ(job->canvas.background, 0xff8001u);
}

TEST(ParseManifest, SortsClipsAndClosesOverlapsOfRounding) {
  const auto job = parse_manifest(
      with_clips(R"({"asset":"a","start":20},{"asset":"a","start":0,"duration":20.001})"));
  ASSERT_TRUE(job) << listed(job.error());
  const auto& clips = job->tracks[0].clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].start, 0s);
  EXPECT_EQ(clips[0].duration, 20s);
  EXPECT_EQ(clips[1].start, 20s);
}

TEST(ParseManifest, RefusesTextThatIsTooLarge) {
  const std::string text(std::size_t{64 << 20} + 1, ' ');
  EXPECT_EQ(listed(problems_of(text)), ": the document is larger than 64 MiB\n");
}

TEST(ParseManifest, LimitsClips) {
  std::string clips;
  for (int i = 0; i < 100'001; ++i)
    clips +=
        (i ? R"(,{"asset":"a","start":)" : R"({"asset":"a","start":)") + std::to_string(i) + "}";
  EXPECT_EQ(listed(problems_of(with_clips(clips))),
            "/tracks: a job has at most 100000 clips, found 100001\n");
}

TEST(ParseManifest, LimitsWhatAllScenesName) {
  std::string people;
  std::string ids;
  for (int i = 0; i < 1000; ++i) {
    const auto id = "\"p" + std::to_string(i) + "\"";
    people += (i ? ",{\"id\":" : "{\"id\":") + id + "}";
    ids += (i ? "," : "") + id;
  }
  const auto job = [&](int scenes, const std::string& last) {
    std::string list;
    for (int i = 0; i < scenes; ++i)
      list += "{\"start\":" + std::to_string(i) + ",\"people\":[" + ids + "]},";
    return R"({"rostrum":1,"tracks":[],"people":[)" + people + R"(],"scenes":[)" + list +
           R"({"start":999)" + last + "}]}";
  };
  EXPECT_EQ(listed(problems_of(job(100, ""))), "");
  const std::string kMore = "/scenes: all scenes together have at most 100000 people and places\n";
  EXPECT_EQ(listed(problems_of(job(100, R"(,"people":["p0"])"))), kMore);
  EXPECT_EQ(listed(problems_of(job(100, R"(,"layout":[{"role":"stage","rect":[0,0,2,2]}])"))),
            kMore);
}

TEST(ParseManifest, LimitsKeys) {
  const auto problems = problems_of(R"({"rostrum":1,")" + std::string(257, 'k') + R"(":1})");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message, "a key is longer than 256 bytes");
}

TEST(ParseManifest, StopsListingAfterAThousandProblems) {
  std::string keys;
  for (int i = 0; i < 1500; ++i) keys += ",\"x" + std::to_string(i) + "\":0";
  const auto problems = problems_of(R"({"rostrum":1,"tracks":[])" + keys + "}");
  ASSERT_EQ(problems.size(), 1001u);
  EXPECT_EQ(problems.back(), (Problem{"", "and 500 more problems, not listed"}));
}

TEST(ParseManifest, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(listed(problems_of("{\"rostrum\":1,\n\"title\":\"\xff\"}")),
            ": not JSON: line 2, column 10: syntax error while parsing value - invalid string: "
            "ill-formed UTF-8 byte\n");
}

TEST(ParseManifest, KeepsControlCharactersOutOfMessages) {
  const auto problems =
      problems_of(R"({"rostrum":1,"tracks":[],"layout":{"policy":"\u001b[2Jgrid"}})");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("\"?[2Jgrid\""), std::string::npos) << problems[0].message;
}

TEST(WriteManifest, WritesTheExampleInItsOrderWithoutDefaults) {
  const auto job = parse_manifest(source_file("data/examples/job.json"));
  ASSERT_TRUE(job);
  auto expected = Json::parse(source_file("data/examples/job.json"));
  for (const auto* key : {"$schema", "on-damage"}) expected.erase(key);
  for (const auto* key : {"encoder", "rate", "fragmented"}) expected["outputs"][0].erase(key);
  expected["outputs"][5]["at"] = 12.5;
  expected["people"][1]["talking"][1] = Json::array({130.25, 150});
  expected["layout"]["speaker"] = {{"default", "anna"}};
  expected["scenes"][3]["start"] = 180;
  auto& clip = expected["tracks"][0]["clips"][0];
  clip["muted"][1] = Json::array({130.25, 150});
  expected["tracks"][0]["clips"][1]["start"] = 612.48;
  expected["tracks"][1]["clips"][0]["duration"] = 900;
  expected["tracks"][2]["clips"][0].erase("page");
  EXPECT_EQ(write_manifest(*job), expected.dump(2) + "\n");
}

TEST(WriteManifest, WritesAnEmptyJob) {
  EXPECT_EQ(write_manifest({}), R"({
  "rostrum": 1,
  "canvas": {
    "size": "1280x720",
    "rate": "25/1",
    "background": "#000000"
  },
  "assets": {},
  "tracks": [],
  "layout": {
    "policy": "webinar"
  },
  "output": {
    "profile": "balanced"
  }
}
)");
}

TEST(WriteManifest, IsReadBackToTheSameText) {
  const auto table = Json::parse(source_file("tests/data/manifests.json"));
  for (const auto& entry : table) {
    const auto first = parse_manifest(text_of(entry["manifest"]));
    if (!first) continue;
    const auto text = write_manifest(*first);
    const auto second = parse_manifest(text);
    ASSERT_TRUE(second) << text << listed(second.error());
    EXPECT_EQ(write_manifest(*second), text);
  }
}

// A job in which no field has its default.
Manifest unusual_job() {
  Manifest job;
  job.duration = 1ns;
  job.canvas = {true, 1280, 720, {30000, 1001}, 0x00ff7f};
  job.people = {{"p", "", Role::presenter}};
  job.assets = {{"z", "z\"\\.mp4", {"b", "a"}, std::string(64, 'f')},
                {"a", "ключ.mp4", {}, "", {}, Colors::bt601}};
  job.tracks = {{"s", TrackKind::slides, "p", {{"z", 1s, 0s, 2s, 7, {}, {{1s, 2s}}}}}};
  job.people[0].talking = {{1s, 2s}};
  job.layout.policy = Policy::mtslinker;
  job.layout.fade = 800ms;
  job.layout.labels = job.layout.cards = true;
  job.layout.custom = {{PlaceRole::others, "", {1, false}, {2.5, true}, {3, false}, {4, true}, 5}};
  job.layout.speaker = {{1s, 2s, -40, 5, 2, 9s}, SpeakerSource::log, "p"};
  job.scenes = {{1s, Policy::custom, job.layout.custom, "p", {{"p"}}, "s"},
                {2s, Policy::grid, {}, "", {}, ""}};
  job.cards = {{CardPlace::time, 0ns, 3ns, "t", "u", 0x010203, 0x040506}};
  job.logo = Logo{"z", Corner::top_left, 0.3, 0.125, 0.7};
  job.chapters = ChapterSource::none;
  job.output = {.path = "o.mp4", .profile = "draft", .encoder = "x264"};
  job.on_damage = OnDamage::fail;
  return job;
}

// What is read of it once it is written.
Manifest written_and_read(const Manifest& job) {
  const auto text = write_manifest(job);
  const auto back = parse_manifest(text);
  EXPECT_TRUE(back) << text << (back ? "" : listed(back.error()));
  if (!back) return {};
  EXPECT_EQ(write_manifest(*back), text);
  return *back;
}

TEST(WriteManifest, KeepsMediaAndOutputThatAreNotTheDefault) {
  const auto back = written_and_read(unusual_job());
  ASSERT_TRUE(back.logo);
  EXPECT_EQ(back.duration, 1ns);
  EXPECT_TRUE(back.canvas.automatic);
  EXPECT_EQ(back.canvas.background, 0x00ff7fu);
  EXPECT_EQ(back.person("p")->name, "");
  EXPECT_EQ(back.assets[0].id, "z");
  EXPECT_EQ(back.assets[0].uri, "z\"\\.mp4");
  EXPECT_EQ(back.assets[0].colors, Colors::own);
  EXPECT_EQ(back.assets[1].colors, Colors::bt601);
  EXPECT_EQ(back.tracks[0].clips[0].page, 7);
  EXPECT_EQ(back.tracks[0].clips[0].hidden, (std::vector<Interval>{{1s, 2s}}));
  EXPECT_EQ(back.people[0].talking, (std::vector<Interval>{{1s, 2s}}));
  EXPECT_EQ(back.cards[0].place, CardPlace::time);
  EXPECT_EQ(back.cards[0].duration, 3ns);
  EXPECT_EQ(back.cards[0].background, 0x010203u);
  EXPECT_EQ(back.logo->position, Corner::top_left);
  EXPECT_EQ(back.logo->width, 0.3);
  EXPECT_EQ(back.chapters, ChapterSource::none);
  EXPECT_EQ(back.output.profile, "draft");
  EXPECT_EQ(back.on_damage, OnDamage::fail);
}

TEST(WriteManifest, KeepsALayoutThatIsNotTheDefault) {
  const auto job = unusual_job();
  const auto back = written_and_read(job);
  EXPECT_EQ(back.layout.custom, job.layout.custom);
  EXPECT_EQ(back.layout.fade, 800ms);
  EXPECT_EQ(back.layout.speaker.options, job.layout.speaker.options);
  EXPECT_EQ(back.layout.speaker.source, SpeakerSource::log);
  EXPECT_EQ(back.layout.speaker.default_person, "p");
  ASSERT_EQ(back.scenes.size(), 2u);
  EXPECT_EQ(back.scenes[0].custom, job.layout.custom);
  EXPECT_EQ(back.scenes[0].speaker, "p");
  EXPECT_EQ(back.scenes[0].people, (std::vector<std::string>{"p"}));
  EXPECT_EQ(back.scenes[0].stage, "s");
  EXPECT_EQ(back.scenes[1].policy, Policy::grid);
  EXPECT_EQ(back.scenes[1].stage, "");
  EXPECT_TRUE(back.layout.labels && back.layout.cards);
}

TEST(WriteManifest, BringsBackEveryNanosecond) {
  constexpr Nanoseconds kMost = std::chrono::hours{1000};
  std::vector<Nanoseconds> times{1ns, 999'999'999ns, 12'480ms, kMost - 1ns, kMost};
  for (std::int64_t i = 1; i <= 1000; ++i)  // a spread that hits all magnitudes
    times.push_back(Nanoseconds{i * i * i * 3'599'999 % kMost.count() + i});
  for (const auto time : times) {
    Manifest job;
    job.duration = time;
    const auto back = parse_manifest(write_manifest(job));
    ASSERT_TRUE(back) << time.count();
    ASSERT_EQ(back->duration->count(), time.count());
  }
}

TEST(Names, AreThoseOfTheManifest) {
  EXPECT_STREQ(name_of(TrackKind::microphone), "microphone");
  EXPECT_STREQ(name_of(Policy::mtslinker), "mtslinker");
  EXPECT_STREQ(name_of(Role::presenter), "presenter");
}

}  // namespace
}  // namespace rostrum
