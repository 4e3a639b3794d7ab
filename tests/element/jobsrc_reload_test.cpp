// SPDX-License-Identifier: LGPL-2.1-or-later
// What a jobsrc opens and refuses, what it says of the job, and how it follows its file.
#include "jobsrc/job_uri.h"
#include "jobsrc_player.h"

#include <filesystem>

namespace rostrum {
namespace {

using JobSrcReload = test::NumberedJob;
using test::job_text;
using test::JobPlayer;
using test::write_bytes;

std::string text_of(GstMessage* message) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const GErrorPtr error{raw};
  return error->message;
}

// The chapters that the sinks have told of next.
std::size_t next_chapters(JobPlayer& player) {
  const auto said = player.message(GST_MESSAGE_TOC);
  if (!said) return 99;
  GstToc* toc = nullptr;
  gst_message_parse_toc(said.get(), &toc, nullptr);
  const auto* edition = gst_toc_get_entries(toc);
  const auto count =
      edition
          ? g_list_length(gst_toc_entry_get_sub_entries(static_cast<GstTocEntry*>(edition->data)))
          : 0;
  gst_toc_unref(toc);
  return count;
}

// As editors do it.
void put_in_place(const std::string& path, const std::string& text) {
  write_bytes(path + ".new", text);
  std::filesystem::rename(path + ".new", path);
}

TEST_F(JobSrcReload, GoesOnWithAChangedFileAtTheSamePlace) {
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(player.seek(3s));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 50);
  put_in_place(job_, job_text(R"("start": 3, "in": 1, "duration": 2)"));
  const auto said = player.element_message("rostrum-job-reloaded");
  ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT);
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 25);
  gint64 duration = 0;
  ASSERT_TRUE(gst_element_query_duration(player.pipeline(), GST_FORMAT_TIME, &duration));
  EXPECT_EQ(duration, 5 * GST_SECOND);
  EXPECT_TRUE(player.plays_to_end());
}

TEST_F(JobSrcReload, ReloadsWhilePlayingWhenAsked) {
  JobPlayer player{source("watch=false")};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(player.seek(2500ms));
  ASSERT_EQ(player.go_to(GST_STATE_PLAYING), GST_STATE_CHANGE_SUCCESS);
  write_bytes(job_, job_text(R"("start": 3, "in": 1, "duration": 1)"));
  g_signal_emit_by_name(player.element("j").get(), "reload");
  const auto said = player.element_message("rostrum-job-reloaded");
  ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT);
  ASSERT_TRUE(player.settle());
  gint64 position = 0;
  ASSERT_TRUE(gst_element_query_position(player.pipeline(), GST_FORMAT_TIME, &position));
  EXPECT_GE(position, 2500 * GST_MSECOND);
  EXPECT_LT(position, 4 * GST_SECOND);
  EXPECT_TRUE(player.plays_to_end());
}

TEST_F(JobSrcReload, KeepsThePictureWhenTheFileBecomesInvalid) {
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  put_in_place(job_, job_text(R"("start": 3, "in": 1, "speed": 2)"));
  const auto said = player.element_message("rostrum-job-invalid");
  ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT);
  const auto* problems = gst_structure_get_value(gst_message_get_structure(said.get()), "problems");
  ASSERT_EQ(gst_value_array_get_size(problems), 1U);
  const auto* problem = gst_value_get_structure(gst_value_array_get_value(problems, 0));
  EXPECT_STREQ(gst_structure_get_string(problem, "pointer"), "/tracks/0/clips/1/speed");
  EXPECT_TRUE(player.message(GST_MESSAGE_WARNING));
  ASSERT_TRUE(player.seek(3s));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 50);
  put_in_place(job_, job_text(R"("start": 3, "in": 1, "duration": 1)"));  // mended
  ASSERT_TRUE(player.element_message("rostrum-job-reloaded"));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 25);
}

TEST_F(JobSrcReload, SaysWhatIsWrongWithAJobThatItCannotOpen) {
  write_bytes(job_, job_text(R"("start": 3, "asset": "b")"));
  JobPlayer player{source()};
  EXPECT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  const auto error = player.message(GST_MESSAGE_ERROR);
  ASSERT_TRUE(error);
  EXPECT_NE(text_of(error.get()).find("/tracks/0/clips/1"), std::string::npos)
      << text_of(error.get());
  EXPECT_EQ(GST_BIN_NUMCHILDREN(player.element("j").get()), 0);
}

TEST_F(JobSrcReload, OpensNoMediaOutsideTheAllowedRoots) {
  const test::Folder other;
  std::filesystem::rename(folder_ / "a.mp4", other / "a.mp4");
  std::filesystem::create_symlink(other / "a.mp4", folder_ / "a.mp4");
  JobPlayer refused{source()};
  EXPECT_EQ(refused.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  const auto error = refused.message(GST_MESSAGE_ERROR);
  ASSERT_TRUE(error);
  EXPECT_NE(text_of(error.get()).find("/assets/a"), std::string::npos) << text_of(error.get());
  JobPlayer allowed{source("allow-roots=\"<" + other.path().string() + ">\"")};
  ASSERT_EQ(allowed.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(allowed.number(), 0);
}

TEST_F(JobSrcReload, NamesTheMediumThatItSubstitutes) {
  const auto bytes = test::read_bytes(folder_ / "a.mp4");
  write_bytes(job_, job_text(R"("start": 3, "in": 3.8, "duration": 1)"));
  JobPlayer player{source(), false};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  // What was there first is played, whatever the name means now.
  std::filesystem::rename(folder_ / "a.mp4", folder_ / "b.mp4");
  write_bytes(folder_ / "a.mp4", "nothing");
  ASSERT_TRUE(player.seek(1s));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 25);
  std::filesystem::resize_file(folder_ / "b.mp4", bytes.size() / 3);
  ASSERT_TRUE(player.seek(1500ms));
  gst_element_set_state(player.pipeline(), GST_STATE_PLAYING);
  const auto said = player.element_message("rostrum-substitution");
  ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT);
  EXPECT_EQ(folder_ / "a.mp4",
            gst_structure_get_string(gst_message_get_structure(said.get()), "location"));
  const auto warning = player.message(GST_MESSAGE_WARNING);
  ASSERT_TRUE(warning);
  GError* raw = nullptr;
  gst_message_parse_warning(warning.get(), &raw, nullptr);
  const GErrorPtr text{raw};
  EXPECT_TRUE(std::string{text->message}.starts_with(folder_ / "a.mp4")) << text->message;
}

std::string deck_job(const std::string& asset) {
  return R"({"rostrum": 1, "canvas": {"size": "160x96", "rate": "25/1"},
    "assets": {"a": {"uri": "a.mp4"}, "deck": )" +
         asset + R"(}, "layout": {"policy": "single"}, "tracks": [
      {"id": "camera", "kind": "camera", "clips": [{"asset": "a", "start": 0, "duration": 1}]},
      {"id": "deck", "kind": "slides", "clips": [{"asset": "deck", "start": 1, "duration": 1}]}]})";
}

TEST_F(JobSrcReload, SaysOfASlideThatCannotBeUsedWhatPlanningFound) {
  write_bytes(folder_ / "deck.png", "no picture");
  const std::pair<std::string, std::string> cases[] = {
      {R"({"uri": "deck.png"})", "deck.png"},
      {R"({"uri": "deck.png", "sha256": ")" + std::string(64, '0') + R"("})", "deck.png"},
      {R"({"uri": "gone.png"})", "gone.png"}};
  for (const auto& [asset, file] : cases) {
    write_bytes(job_, deck_job(asset));
    JobPlayer player{source(), false};
    gst_element_set_state(player.pipeline(), GST_STATE_PLAYING);
    const auto said = player.element_message("rostrum-substitution");
    ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT) << asset;
    const auto* structure = gst_message_get_structure(said.get());
    EXPECT_STREQ(gst_structure_get_string(structure, "location"), (folder_ / file).c_str());
    EXPECT_STREQ(gst_structure_get_string(structure, "what"),
                 file == "gone.png" ? "missing" : "damaged");
    const std::string why = gst_structure_get_string(structure, "why");
    EXPECT_NE(why, asset.find("gone") == asset.npos ? "there is no such file" : "") << asset;
    EXPECT_EQ(why.find("sha") != why.npos || why.find("SHA") != why.npos,
              asset.find("sha256") != asset.npos)
        << why;
    const auto warning = player.message(GST_MESSAGE_WARNING);
    ASSERT_TRUE(warning);
    GError* raw = nullptr;
    gst_message_parse_warning(warning.get(), &raw, nullptr);
    const GErrorPtr text{raw};
    EXPECT_EQ(text->message, folder_ / file + ": " + why + ".");
  }
}

TEST_F(JobSrcReload, IsMadeFromItsUri) {
  const auto made = retain(gst_element_make_from_uri(
      GST_URI_SRC, ("rostrum://" + job_ + "?at=0:01").c_str(), nullptr, nullptr));
  ASSERT_TRUE(made);
  gchar* location = nullptr;
  guint64 at = 0;
  g_object_get(made.get(), "location", &location, "at", &at, nullptr);
  const GCharPtr owned{location};
  EXPECT_EQ(job_, location);
  EXPECT_EQ(at, 1 * GST_SECOND);
  const GCharPtr uri{gst_uri_handler_get_uri(GST_URI_HANDLER(made.get()))};
  EXPECT_EQ("rostrum://" + job_ + "?at=0:00:01.000", std::string{uri.get()});
  JobPlayer player{source("at=1000000000")};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(player.number(), 25);
  EXPECT_FALSE(gst_uri_handler_set_uri(GST_URI_HANDLER(player.element("j").get()),
                                       "rostrum:other.json", nullptr));
}

TEST_F(JobSrcReload, TellsTitleChaptersScenesAndReasons) {
  const char* slide = R"(<svg xmlns="http://www.w3.org/2000/svg" width="160" height="96"/>)";
  for (const char* name : {"1.svg", "2.svg"}) write_bytes(folder_ / name, slide);
  write_bytes(job_, R"({"rostrum": 1, "title": "Talk", "canvas": {"size": "160x96", "rate": "25/1"},
    "assets": {"1": {"uri": "1.svg"}, "2": {"uri": "2.svg"}},
    "tracks": [{"id": "deck", "kind": "slides", "clips": [
      {"asset": "1", "start": 0, "duration": 2}, {"asset": "2", "start": 2, "duration": 2}]}]})");
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(next_chapters(player), 2U);
  GValue scenes = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(player.element("j").get()), "scenes", &scenes);
  ASSERT_EQ(gst_value_array_get_size(&scenes), 2U);
  EXPECT_EQ(g_value_get_uint64(gst_value_array_get_value(&scenes, 1)), 2 * GST_SECOND);
  g_value_unset(&scenes);
  gchar* why = nullptr;
  g_signal_emit_by_name(player.element("j").get(), "explain", guint64{GST_SECOND}, &why);
  const GCharPtr owned{why};
  ASSERT_TRUE(why);
  EXPECT_NE(std::string{why}.find("deck"), std::string::npos);
}

TEST_F(JobSrcReload, TakesBackTheChaptersThatAreNoMore) {
  const char* slide = R"(<svg xmlns="http://www.w3.org/2000/svg" width="160" height="96"/>)";
  for (const char* name : {"1.svg", "2.svg"}) write_bytes(folder_ / name, slide);
  const auto deck = [](const std::string& chapters) {
    return R"({"rostrum": 1, "canvas": {"size": "160x96", "rate": "25/1"},
    "assets": {"1": {"uri": "1.svg"}, "2": {"uri": "2.svg"}},
    "tracks": [{"id": "deck", "kind": "slides", "clips": [
      {"asset": "1", "start": 0, "duration": 2}, {"asset": "2", "start": 2, "duration": 2}]}],
    "chapters": ")" +
           chapters + "\"}";
  };
  write_bytes(job_, deck("slides"));
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  for (int sink = 0; sink < 2; ++sink) EXPECT_EQ(next_chapters(player), 2U);
  put_in_place(job_, deck("none"));
  for (int sink = 0; sink < 2; ++sink) EXPECT_EQ(next_chapters(player), 0U);
}

TEST(JobUri, IsReadInAllItsForms) {
  const auto path_of = [](const char* uri) { return parse_job_uri(uri).value().path; };
  EXPECT_EQ(path_of("rostrum:///a/job.json"), "/a/job.json");
  EXPECT_EQ(path_of("rostrum:/a/job.json"), "/a/job.json");
  EXPECT_EQ(path_of("rostrum:job.json"), "job.json");
  EXPECT_EQ(path_of("rostrum:my%20job%3f.json"), "my job?.json");
  EXPECT_EQ(path_of("rostrum://localhost/a.json"), "/a.json");
  EXPECT_EQ(parse_job_uri("rostrum:j.json?at=12:34")->at, 754s);
  EXPECT_EQ(parse_job_uri("rostrum:j.json?at=83.5")->at, 83500ms);
  for (const char* bad : {"file:///a.json", "rostrum:", "rostrum://", "rostrum://host/a.json",
                          "rostrum:a.json?at=", "rostrum:a.json?at=-1", "rostrum:a.json?at=x",
                          "rostrum:a.json?to=1", "rostrum:a.json?at=1&at=2", "rostrum:a%00b.json"})
    EXPECT_FALSE(parse_job_uri(bad)) << bad;
  EXPECT_EQ(job_uri({"/a b/j.json", 0ns}), "rostrum:///a%20b/j.json");
  EXPECT_EQ(parse_job_uri(job_uri({"/ж?#/j.json", 1500ms}))->path, "/ж?#/j.json");
}

}  // namespace
}  // namespace rostrum
