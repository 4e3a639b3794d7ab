// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/beneath.h"

#include "engine/media_files.h"
#include "media_maker.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

using namespace rostrum;
namespace fs = std::filesystem;

namespace {

// root/ is the folder that may be used; secret/ lies beside it.
struct Place {
  test::Folder dir;
  fs::path root = dir / "root";
  fs::path secret = dir / "secret";

  Place() {
    fs::create_directories(root / "sub");
    fs::create_directories(secret);
    test::write_bytes(root / "a", "a");
    test::write_bytes(root / "sub/b", "b");
    test::write_bytes(secret / "s", "secret");
  }
};

std::string text_of(const File& file) {
  const auto bytes = file.read(0, 100);
  return {bytes.begin(), bytes.end()};
}

class OpenBeneath : public testing::TestWithParam<Beneath> {
 protected:
  std::string open(const std::string& inside) const {
    const auto file = open_beneath(folder_, inside, GetParam());
    return file ? text_of(*file) : file.error().message;
  }

  const Place place_;
  const File folder_ = open_folder(place_.root);
};

}  // namespace

TEST_P(OpenBeneath, OpensWhatLiesBelow) {
  EXPECT_EQ(open("a"), "a");
  EXPECT_EQ(open("sub/b"), "b");
  EXPECT_EQ(open("none"), "it is missing");
  EXPECT_EQ(open("a/b"), "it is missing");
}

TEST_P(OpenBeneath, FollowsNothingThatLeadsOut) {
  fs::create_symlink(place_.secret / "s", place_.root / "link");
  fs::create_symlink("a", place_.root / "inner");
  fs::create_directory_symlink(place_.secret, place_.root / "door");
  fs::create_directory_symlink("../secret", place_.root / "gate");
  constexpr char kLink[] = "it has become a link since it was looked for";
  for (const char* path : {"../secret/s", "sub/../../secret/s", "link", "inner"})
    EXPECT_EQ(open(path), kLink) << path;
  for (const auto& path : {"door/s", "gate/s", place_.secret.c_str()})
    EXPECT_NE(open(path), "secret") << path;
}

TEST_P(OpenBeneath, TakesOnlyRegularFilesAndOpensNothingElse) {
  ASSERT_EQ(mkfifo((place_.root / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(open("pipe"), "it is a pipe, not a file");  // and does not wait for its writer
  EXPECT_EQ(open("sub"), "it is a folder");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (place_.root / "socket").string();
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(open("socket"), "it is a device, not a file");
  close(listener);
  const auto devices = open_folder("/dev");
  EXPECT_EQ(open_beneath(devices, "zero", GetParam()).error().message,
            "it is a device, not a file");
}

INSTANTIATE_TEST_SUITE_P(Both, OpenBeneath, testing::Values(Beneath::kernel, Beneath::walk),
                         [](const auto& how) {
                           return how.param == Beneath::kernel ? "Kernel" : "Walk";
                         });

TEST(MediaFiles, AFileIsTheSameOrIsNotOpened) {
  const Place place;
  MediaFiles files{{place.root}};
  const auto path = (place.root / "a").string();
  EXPECT_FALSE(files.open(path)) << "it was not admitted";
  ASSERT_TRUE(files.admit(path));
  EXPECT_EQ(text_of(*files.open(path)), "a");
  EXPECT_FALSE(files.admit(place.secret / "s"));

  test::write_bytes(place.root / "other", "other");
  fs::rename(place.root / "other", path);
  EXPECT_EQ(files.open(path).error().message, "another file has taken its place");
  fs::remove(path);
  fs::create_symlink(place.secret / "s", path);
  EXPECT_FALSE(files.open(path));
  EXPECT_EQ(files.open_or_none(path).link(), "");
}

TEST(MediaFiles, AFolderThatIsSwappedForALinkLeadsNowhere) {
  const Place place;
  MediaFiles files{{place.root}};
  const auto path = (place.root / "sub/b").string();
  ASSERT_TRUE(files.admit(path));
  test::write_bytes(place.secret / "b", "secret");
  fs::rename(place.root / "sub", place.root / "old");
  fs::create_directory_symlink(place.secret, place.root / "sub");
  EXPECT_FALSE(files.open(path));
}

TEST(MediaFiles, AnOpenFileStaysItselfWhateverBecomesOfItsName) {
  const Place place;
  MediaFiles files{{place.root}};
  const auto path = (place.root / "a").string();
  const auto file = files.admit(path);
  ASSERT_TRUE(file);
  fs::remove(path);
  fs::create_symlink(place.secret / "s", path);
  EXPECT_EQ(test::read_bytes(file->link()), "a");
}

TEST(MediaFiles, WithoutRootsAnyRegularFileIsOpened) {
  const Place place;
  EXPECT_EQ(text_of(*MediaFiles{}.open(place.secret / "s")), "secret");
  EXPECT_FALSE(MediaFiles{}.open(place.secret));
}
