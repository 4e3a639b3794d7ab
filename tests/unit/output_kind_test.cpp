// SPDX-License-Identifier: LGPL-2.1-or-later
// What a name says of the file that it is given to.
#include "core/output_kind.h"

#include "core/file_ending.h"
#include "core/streaming.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TEST(OutputKind, IsOfTheEndingInCapitalsToo) {
  const std::pair<const char*, FilmContainer> films[] = {
      {"a.mp4", FilmContainer::mp4},        {"a.M4V", FilmContainer::mp4},
      {"b/a.MKV", FilmContainer::matroska}, {"a.mkv", FilmContainer::matroska},
      {"a.WebM", FilmContainer::webm},      {"a.mkv.Mp4", FilmContainer::mp4}};
  for (const auto& [path, container] : films) {
    EXPECT_EQ(output_kind(path), OutputKind::film) << path;
    EXPECT_EQ(film_container(path), container) << path;
    EXPECT_EQ(why_no_film(path), "") << path;
    EXPECT_EQ(why_no_output(path), "") << path;
  }
  EXPECT_EQ(output_kind("a.M3U8"), OutputKind::stream);
  EXPECT_EQ(stream_kind("a.M3U8"), StreamKind::hls);
  EXPECT_EQ(stream_kind("a.MPD"), StreamKind::dash);
  EXPECT_EQ(output_kind("a.VTT"), OutputKind::sheet);
  EXPECT_EQ(output_kind("a.JPEG"), OutputKind::picture);
  EXPECT_EQ(output_kind("a.mov"), std::nullopt);
}

TEST(OutputKind, NoFilmIsNamedWithItsEndingAndTheCure) {
  EXPECT_EQ(why_no_film("a/talk.mov"),
            "\"a/talk.mov\" ends in \".mov\", which rostrum does not write: name it .mp4 (or "
            ".m4v), .mkv or .webm");
  for (const auto* path : {"talk", "a.mp4/talk", "a/.talk", "talk."})
    EXPECT_NE(why_no_film(path).find("name it .mp4"), std::string::npos) << path;
  EXPECT_NE(why_no_film("a.mp4/talk").find("has no ending"), std::string::npos);
  EXPECT_NE(why_no_film("talk.opus"), "");
  EXPECT_EQ(why_no_output("talk.OPUS"), "");
  EXPECT_NE(why_no_output("talk.wav").find(".flac"), std::string::npos);
}

TEST(FileEnding, IsOfTheLastPartOfThePath) {
  EXPECT_EQ(ending_of("a.b/c.D"), ".D");
  EXPECT_EQ(ending_of("a.b/c"), "");
  EXPECT_EQ(ending_of(".hidden"), "");
  EXPECT_TRUE(has_ending("A.PDF", ".pdf"));
  EXPECT_FALSE(has_ending("df", ".pdf"));
}

}  // namespace
}  // namespace rostrum
