// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/assets.h"

#include "media_maker.h"

#include <sys/stat.h>

using namespace rostrum;
namespace fs = std::filesystem;

namespace {

// job/ is the manifest's folder; elsewhere/ lies beside it.
struct Place {
  test::Folder dir;
  AssetOptions options{.base_dir = dir / "job", .allowed_roots = {}, .media_dirs = {}};

  Place() {
    fs::create_directories(dir / "job/media");
    fs::create_directories(dir / "elsewhere");
    test::write_bytes(dir / "job/media/a.mp4", "a");
    test::write_bytes(dir / "job/with space.mp4", "s");
    test::write_bytes(dir / "elsewhere/b.mp4", "b");
  }
};

Asset asset(const std::string& uri, std::vector<std::string> alternatives = {}) {
  return {.id = "x/y", .uri = uri, .alternatives = std::move(alternatives), .sha256 = ""};
}

tl::expected<ResolvedAsset, Problems> resolve(const Place& place, const Asset& one) {
  Manifest manifest;
  manifest.assets = {one};
  auto found = resolve_assets(manifest, place.options);
  if (!found) return tl::unexpected(found.error());
  return found->front();
}

void expect_problem(const tl::expected<ResolvedAsset, Problems>& found, const std::string& pointer,
                    const std::string& part) {
  ASSERT_FALSE(found) << found->path;
  ASSERT_EQ(found.error().size(), 1U);
  EXPECT_EQ(found.error()[0].pointer, pointer);
  EXPECT_NE(found.error()[0].message.find(part), std::string::npos) << found.error()[0].message;
}

}  // namespace

TEST(Assets, EveryWayToNameALocalFile) {
  const Place place;
  const auto a = place.dir / "job/media/a.mp4";
  const auto space = place.dir / "job/with space.mp4";
  const std::pair<std::string, std::string> cases[] = {
      {"media/a.mp4", a},
      {"./media/../media/a.mp4", a},
      {a, a},
      {"file://" + a, a},
      {"file:" + a, a},
      {"file://localhost" + a, a},
      {"file:media/a.mp4", a},
      {"with space.mp4", space},
      {"with%20space.mp4", space},
      {"file://" + (place.dir / "job/with%20space.mp4"), space},
  };
  for (const auto& [uri, path] : cases) {
    const auto found = resolve(place, asset(uri));
    ASSERT_TRUE(found) << uri;
    EXPECT_EQ(found->path, path) << uri;
    EXPECT_EQ(found->problem, "") << uri;
    EXPECT_EQ(found->uri, uri);
    EXPECT_FALSE(found->remote);
  }
}

TEST(Assets, LeavingTheFolderIsRefusedUnlessAllowed) {
  Place place;
  fs::create_symlink(place.dir / "elsewhere/b.mp4", place.dir / "job/link.mp4");
  fs::create_directory_symlink(place.dir / "elsewhere", place.dir / "job/door");
  const auto b = place.dir / "elsewhere/b.mp4";
  const std::string uris[] = {"../elsewhere/b.mp4", b,
                              "file://" + b,        "link.mp4",
                              "door/b.mp4",         "file:..%2felsewhere/b.mp4"};
  const auto cure = "--allow-root " + (place.dir / "elsewhere");
  for (const auto& uri : uris) expect_problem(resolve(place, asset(uri)), "/assets/x~1y/uri", cure);
  expect_problem(resolve(place, asset("door/absent.mp4")), "/assets/x~1y/uri", cure);
  expect_problem(resolve(place, asset("media/a.mp4", {"link.mp4"})), "/assets/x~1y/alternatives/0",
                 cure);
  expect_problem(resolve(place, asset("/")), "/assets/x~1y/uri", "--allow-root");

  place.options.allowed_roots = {place.dir / "elsewhere"};
  for (const auto& uri : uris) {
    const auto found = resolve(place, asset(uri));
    ASSERT_TRUE(found) << uri;
    EXPECT_EQ(found->path, b);
  }
}

TEST(Assets, ANeighbourWhoseNameBeginsAlikeIsOutside) {
  const Place place;
  fs::create_directories(place.dir / "job-2");
  test::write_bytes(place.dir / "job-2/c.mp4", "c");
  expect_problem(resolve(place, asset("../job-2/c.mp4")), "/assets/x~1y/uri", "--allow-root");
}

TEST(Assets, AMissingFileIsMissingMediaNotAnInvalidJob) {
  const Place place;
  const auto found = resolve(place, asset("media/absent.mp4"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, place.dir / "job/media/absent.mp4");
  EXPECT_EQ(found->problem, "it is missing");
}

TEST(Assets, AlternativesStandInInOrder) {
  const Place place;
  test::write_bytes(place.dir / "job/c.mp4", "c");
  const auto found =
      resolve(place, asset("absent.mp4", {"also-absent.mp4", "media/a.mp4", "c.mp4"}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, place.dir / "job/media/a.mp4");
  EXPECT_EQ(found->uri, "media/a.mp4");
  EXPECT_EQ(found->problem, "");
  EXPECT_EQ(found->others, std::vector<std::string>{place.dir / "job/c.mp4"});
}

TEST(Assets, AWrongHashIsDamage) {
  const Place place;
  auto one = asset("media/a.mp4");
  one.sha256 = "CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB";  // of "a"
  EXPECT_EQ(resolve(place, one)->problem, "");
  one.sha256[0] = '0';
  EXPECT_EQ(resolve(place, one)->problem, "it is damaged: its SHA-256 is not the declared one");
  one.alternatives = {"with space.mp4"};
  EXPECT_EQ(resolve(place, one)->path, place.dir / "job/media/a.mp4");
}

TEST(Assets, PipesAndFoldersAreNotOpened) {
  const Place place;
  ASSERT_EQ(mkfifo((place.dir / "job/pipe").c_str(), 0600), 0);
  auto pipe = asset("pipe");
  pipe.sha256 = std::string(64, '0');
  EXPECT_EQ(resolve(place, pipe)->problem, "it is a pipe, not a file");
  EXPECT_EQ(resolve(place, asset("media"))->problem, "it is a folder");
}

TEST(Assets, RemoteMediaAreTakenFromTheMediaFolders) {
  Place place;
  place.options.media_dirs = {place.dir / "elsewhere"};
  const auto found = resolve(place, asset("https://example.org/x/b.mp4?token=1#t"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, place.dir / "elsewhere/b.mp4");
  EXPECT_TRUE(found->remote);
  // a remote alternative that is absent is skipped
  EXPECT_TRUE(resolve(place, asset("media/a.mp4", {"https://example.org/list.m3u8"})));
  EXPECT_EQ(resolve(place, asset("https://example.org/none.mp4", {"media/a.mp4"}))->path,
            place.dir / "job/media/a.mp4");
}

TEST(Assets, AmbiguousCopiesAreRefused) {
  Place place;
  place.options.media_dirs = {place.dir / "elsewhere"};
  Manifest manifest;
  manifest.assets = {asset("https://example.org/1/b.mp4"), asset("https://example.org/2/b.mp4")};
  manifest.assets[1].id = "z";
  const auto twice = resolve_assets(manifest, place.options);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().front().pointer, "/assets/z/uri");

  fs::create_directories(place.dir / "elsewhere/sub");
  test::write_bytes(place.dir / "elsewhere/sub/b.mp4", "other");
  expect_problem(resolve(place, asset("https://example.org/b.mp4")), "/assets/x~1y/uri",
                 "ambiguous");
}

TEST(Assets, AllWithoutALocalFormAreListedAtOnce) {
  const Place place;
  Manifest manifest;
  manifest.assets = {asset("https://example.org/1.mp4"), asset("media/a.mp4"),
                     asset("http://example.org/2.mp4", {"https://example.org/3.mp4"}),
                     asset("rtsp://example.org/live"), asset("file://host/a.mp4")};
  const auto found = resolve_assets(manifest, place.options);
  ASSERT_FALSE(found);
  ASSERT_EQ(found.error().size(), 4U);
  EXPECT_NE(found.error()[0].message.find("https://example.org/1.mp4"), std::string::npos);
  EXPECT_NE(found.error()[0].message.find("--media"), std::string::npos);
  EXPECT_NE(found.error()[1].message.find("http://example.org/2.mp4"), std::string::npos);
  EXPECT_NE(found.error()[2].message.find("rtsp:"), std::string::npos);
  EXPECT_NE(found.error()[3].message.find("file://host"), std::string::npos);
  EXPECT_EQ(search_assets(manifest, place.options).assets.size(), 5U);
}
