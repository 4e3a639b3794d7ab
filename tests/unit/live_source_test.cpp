// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_source.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace rostrum {
namespace {

using Scheme = LiveSource::Scheme;

struct Good {
  const char* text;
  Scheme scheme;
  const char* uri;
  const char* host;
  const char* shown;
};

TEST(LiveSource, ReadsWhatIsOne) {
  for (const auto& [text, scheme, uri, host, shown] : {
           Good{"rtsp://Camera.Example/h264", Scheme::rtsp, "rtsp://Camera.Example/h264",
                "camera.example", "rtsp://camera.example/h264"},
           Good{"rtsp://user:p%40ss@10.0.0.7:554/1?x=2", Scheme::rtsp,
                "rtsp://user:p%40ss@10.0.0.7:554/1?x=2", "10.0.0.7", "rtsp://10.0.0.7:554/1"},
           Good{"RTSPS://[2001:db8::1]/", Scheme::rtsp, "RTSPS://[2001:db8::1]/", "2001:db8::1",
                "rtsps://[2001:db8::1]/"},
           Good{"srt://relay.example:9000", Scheme::srt, "srt://relay.example:9000?mode=caller",
                "relay.example", "srt://relay.example:9000"},
           Good{"srt://:9000?latency=200", Scheme::srt, "srt://:9000?latency=200&mode=listener", "",
                "srt://:9000 (listening)"},
           Good{"srt://127.0.0.1:9000?mode=listener&passphrase=0123456789", Scheme::srt,
                "srt://127.0.0.1:9000?mode=listener&passphrase=0123456789", "",
                "srt://127.0.0.1:9000 (listening)"},
           Good{"v4l2:/dev/video0", Scheme::v4l2, "v4l2:///dev/video0", "", "v4l2:/dev/video0"},
           Good{"v4l2:///dev/video12", Scheme::v4l2, "v4l2:///dev/video12", "",
                "v4l2:/dev/video12"},
       }) {
    SCOPED_TRACE(text);
    const auto source = parse_live_source(text);
    ASSERT_TRUE(source) << source.error();
    EXPECT_EQ(source->scheme, scheme);
    EXPECT_EQ(source->uri, uri);
    EXPECT_EQ(source->host, host);
    EXPECT_EQ(source->shown, shown);
  }
}

TEST(LiveSource, KnowsWhereItListens) {
  EXPECT_EQ(parse_live_source("srt://:9000?")->uri, "srt://:9000?mode=listener");
  EXPECT_EQ(parse_live_source("srt://:9000")->listens, "0.0.0.0");
  EXPECT_EQ(parse_live_source("srt://[::1]:9000?mode=listener")->listens, "::1");
  EXPECT_EQ(parse_live_source("srt://relay:9000")->listens, "");
}

TEST(LiveSource, ReadsTheSettingsOfAMadeOne) {
  const auto usual = parse_live_source("test:");
  ASSERT_TRUE(usual) << usual.error();
  EXPECT_EQ(usual->test, TestSource{});
  EXPECT_FALSE(usual->uses_network());
  const auto source = parse_live_source(
      "test:ball?size=320x180&rate=30&tone=330&level=-12.5&talk=0-4,8-0:12.5&fails-after=3");
  ASSERT_TRUE(source) << source.error();
  const auto& test = source->test;
  EXPECT_EQ(test.pattern, "ball");
  EXPECT_EQ(test.width, 320);
  EXPECT_EQ(test.height, 180);
  EXPECT_EQ(test.rate, 30);
  EXPECT_EQ(test.tone, 330);
  EXPECT_EQ(test.level, -12.5);
  EXPECT_EQ(test.talk, (std::vector<Interval>{{0s, 4s}, {8s, 12500ms}}));
  EXPECT_EQ(test.fails_after, 3s);
  EXPECT_FALSE(parse_live_source("test:red?tone=off")->test.tone);
  EXPECT_EQ(parse_live_source("test:///red")->test.pattern, "red");
}

struct Bad {
  const char* text;
  const char* says;
};

constexpr Bad kBad[] = {{"camera.mp4", "no scheme"},
                        {"http://x/y", "no live source"},
                        {"file:///etc/passwd", "no live source"},
                        {"rtspt://x/y", "no live source"},
                        {"rtsp:x", "expected \"rtsp://HOST\""},
                        {"rtsp:///x", "names no host"},
                        {"rtsp://a@b@c/", "two @"},
                        {"rtsp://a b/", "cannot hold"},
                        {"rtsp://a\\@b/", "cannot hold"},
                        {"rtsp://\xc3\xa4/", "cannot hold"},
                        {"rtsp://a:0/", "port"},
                        {"rtsp://a:65536/", "port"},
                        {"rtsp://a:/", "port"},
                        {"rtsp://a:8x/", "port"},
                        {"rtsp://[::1/", "bracket"},
                        {"rtsp://[camera]/", "no host"},
                        {"rtsp://[::1]x/", "only a port"},
                        {"rtsp://a*b/", "no host"},
                        {"srt://relay", "names no port"},
                        {"srt://relay:1/x", "path"},
                        {"srt://me@relay:1", "user"},
                        {"srt://relay:1?mode=rendezvous", "\"caller\" or \"listener\""},
                        {"srt://:1?mode=caller", "needs the host"},
                        {"srt://relay:1?localaddress=0.0.0.0", "none of mode"},
                        {"srt://relay:1?passphrase=short", "10 to 79"},
                        {"srt://relay:1?latency=-1", "milliseconds"},
                        {"srt://relay:1?latency=1&latency=2", "twice"},
                        {"srt://relay:1?x", "KEY=VALUE"},
                        {"srt://relay:1?streamid=%zz", "encoded"},
                        {"v4l2:/dev/sda", "/dev/video0"},
                        {"v4l2:/dev/video", "/dev/video0"},
                        {"v4l2:/dev/video0/../sda", "/dev/video0"},
                        {"v4l2:/dev/video1x", "/dev/video0"},
                        {"v4l2://host/dev/video0", "names a host"},
                        {"v4l2:/dev/video0?x=1", "/dev/video0"},
                        {"test:plaid", "no test picture"},
                        {"test:?size=321x180", "even"},
                        {"test:?size=0x180", "even"},
                        {"test:?rate=0", "frames per second"},
                        {"test:?tone=5", "hertz"},
                        {"test:?tone=", "hertz"},
                        {"test:?tone=inf", "hertz"},
                        {"test:?level=0", "dBFS"},
                        {"test:?talk=3-1", "in order"},
                        {"test:?talk=0-2,1-3", "in order"},
                        {"test:?talk=", "in order"},
                        {"test:?talk=1", "in order"},
                        {"test:?fails-after=0", "more than 0"},
                        {"test:?colour=red", "no setting"}};

TEST(LiveSource, SaysWhatIsWrong) {
  for (const auto& [text, says] : kBad) {
    SCOPED_TRACE(text);
    const auto source = parse_live_source(text);
    ASSERT_FALSE(source);
    EXPECT_NE(source.error().find(says), std::string::npos) << source.error();
  }
}

// Whatever part of a URI a password or a key is taken for.
TEST(LiveSource, DoesNotRepeatSecrets) {
  for (const char* text : {"rtsp://me:hunter2/x@camera/1",
                           "rtsp://me:hunter2",
                           "rtsp://hunter2*@camera/",
                           "rtsp://me:a@hunter2@camera/",
                           "rtsp://[hunter2]/",
                           "rtsp://hunter2*/",
                           "me:hunter2@camera/1",
                           "hunter2@camera:554/1",
                           "srt://relay:1?passphrase=0123456789&hunter2",
                           "srt://relay:1?passphrase=0123456789&hunter2=1",
                           "srt://relay:1?passphrase=hunter2",
                           "srt://relay:1?streamid=",
                           "srt://relay:1?latency=200passphrase=hunter2",
                           "srt://relay:1?mode=hunter2",
                           "srt://relay:1?pbkeylen=hunter2",
                           "srt://relay:hunter2",
                           "srt://relay:1?hunter2=%zz",
                           "srt://relay:1?hunter2=1&hunter2=1",
                           "srt://me:hunter2@relay:1",
                           "srt://relay:1/hunter2",
                           "v4l2:/hunter2"}) {
    const auto source = parse_live_source(text);
    const auto said = source ? source->shown : source.error();
    EXPECT_EQ(said.find("hunter2"), std::string::npos) << said;
  }
}

TEST(LiveSource, TheToneBeepsWhileItTalks) {
  TestSource source;
  source.talk = {{1s, 2500ms}, {5s, 6s}};
  for (const auto& [at, sounds] : {std::pair{0ms, false},
                                   {999ms, false},
                                   {1000ms, true},
                                   {1799ms, true},
                                   {1800ms, false},
                                   {2000ms, true},
                                   {2500ms, false},
                                   {5799ms, true},
                                   {6000ms, false}})
    EXPECT_EQ(sounds_at(source, at), sounds) << at.count();
  source.talk = {};
  EXPECT_TRUE(sounds_at(source, 7s));
  EXPECT_FALSE(sounds_at(source, 7800ms));
  source.tone.reset();
  EXPECT_FALSE(sounds_at(source, 7s));
}

TEST(LiveSource, IsTriedAgainLaterAndLater) {
  EXPECT_EQ(pause_before_retry(1), 1s);
  EXPECT_EQ(pause_before_retry(2), 2s);
  EXPECT_EQ(pause_before_retry(5), 16s);
  EXPECT_EQ(pause_before_retry(6), 30s);
  EXPECT_EQ(pause_before_retry(1'000'000), 30s);
}

}  // namespace
}  // namespace rostrum
