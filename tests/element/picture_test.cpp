// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture.h"

#include "engine/bounded_process.h"
#include "pictures.h"

#include <sys/stat.h>

namespace rostrum {
namespace {

using namespace rostrum::test;
using namespace std::string_literals;

constexpr Size kBox{320, 180};
constexpr double kR[] = {1, 0, 0};
constexpr double kG[] = {0, 1, 0};
constexpr double kB[] = {0, 0, 1};

GstPtr<GstBuffer> load(const std::string& path, Size box = kBox, int page = 1,
                       std::uint32_t background = 0) {
  auto frame = load_picture({path, page, box, background});
  EXPECT_TRUE(frame) << path << ": " << frame.error().message;
  return frame ? std::move(*frame) : plain_picture(box, 0x808080);
}

std::string problem_of(const std::string& path, int page = 1) {
  const auto frame = load_picture({path, page, kBox});
  return frame ? "" : frame.error().message;
}

TEST(Picture, ShowsEveryFormatInTheSameColours) {
  const Folder folder;
  const auto png = make_png(folder / "a.png", kBox, halves(320, 180, kR, kB));
  const std::string files[] = {
      png,
      recode(png, folder / "a.jpg", kJpeg),
      recode(png, folder / "a.webp", "webpenc lossless=true"),
      folder.write(
          "a.svg",
          "<svg xmlns='http://www.w3.org/2000/svg' width='32' height='18'><rect width='32' "
          "height='18' fill='blue'/><rect width='16' height='18' fill='red'/></svg>"),
      make_pdf(folder / "a.pdf", {{640, 360, halves(640, 360, kR, kB)}}),
  };
  for (const auto& file : files) {
    SCOPED_TRACE(file);
    EXPECT_TRUE(is_picture(file));
    EXPECT_EQ(page_count(file), 1);
    for (const Size box : {kBox, Size{640, 360}, Size{160, 90}}) {
      const auto frame = load(file, box);
      EXPECT_PIXEL(frame.get(), box, box.width / 4, box.height / 2, kRed);
      EXPECT_PIXEL(frame.get(), box, 0, 0, kRed);
      EXPECT_PIXEL(frame.get(), box, box.width - 1, box.height - 1, kBlue);
      EXPECT_PIXEL(frame.get(), box, box.width / 2 + 16, 4, kBlue);
    }
  }
}

TEST(Picture, IsToldByContentNotByName) {
  const Folder folder;
  const auto png = make_png(folder / "really.jpg", kBox, halves(320, 180, kR, kB));
  EXPECT_PIXEL(load(png).get(), kBox, 10, 10, kRed);
  EXPECT_FALSE(is_picture(folder.write("text.png", "hello")));
  EXPECT_FALSE(is_picture(folder / "absent.png"));
  EXPECT_EQ(page_count(folder / "text.png"), 0);
}

TEST(Picture, FitsWithBarsAndNeverStretches) {
  const Folder folder;
  const auto square = make_png(folder / "square.png", {90, 90}, halves(90, 90, kR, kB));
  const auto frame = load(square, kBox, 1, 0x00ff00);  // 180x180 at 70,0
  EXPECT_PIXEL(frame.get(), kBox, 67, 90, kGreen);
  EXPECT_PIXEL(frame.get(), kBox, 72, 90, kRed);
  EXPECT_PIXEL(frame.get(), kBox, 155, 1, kRed);
  EXPECT_PIXEL(frame.get(), kBox, 165, 178, kBlue);
  EXPECT_PIXEL(frame.get(), kBox, 247, 90, kBlue);
  EXPECT_PIXEL(frame.get(), kBox, 252, 90, kGreen);
  // Off by rounding only: filled to the edge.
  const auto rounded = make_png(folder / "rounded.png", {1280, 722}, halves(1280, 722, kR, kB));
  EXPECT_PIXEL(load(rounded).get(), kBox, 0, 0, kRed);
  EXPECT_PIXEL(load(rounded).get(), kBox, 319, 179, kBlue);
  const auto sliver = make_png(folder / "sliver.png", {4000, 1}, halves(4000, 1, kR, kB));
  EXPECT_PIXEL(load(sliver).get(), kBox, 80, 88, kRed);
}

TEST(Picture, CoversOrStretchesWhereAsked) {
  const Folder folder;
  const auto png = make_png(folder / "square.png", {180, 180}, halves(180, 180, kR, kB));
  const std::string files[] = {
      png,
      folder.write("square.svg",
                   "<svg xmlns='http://www.w3.org/2000/svg' width='18' height='18'><rect "
                   "width='18' height='18' fill='blue'/><rect width='9' height='18' "
                   "fill='red'/></svg>"),
      make_pdf(folder / "square.pdf", {{360, 360, halves(360, 360, kR, kB)}})};
  const Size tall{90, 180};
  for (const auto& file : files) {
    SCOPED_TRACE(file);
    for (const auto how : {Fit::cover, Fit::stretch}) {
      const auto frame = load_picture({file, 1, tall, 0x00ff00, how});
      ASSERT_TRUE(frame) << frame.error().message;
      for (const int y : {0, 90, 179}) {
        EXPECT_PIXEL(frame->get(), tall, 1, y, kRed);
        EXPECT_PIXEL(frame->get(), tall, 38, y, kRed);
        EXPECT_PIXEL(frame->get(), tall, 51, y, kBlue);
        EXPECT_PIXEL(frame->get(), tall, 88, y, kBlue);
      }
    }
  }
  // told apart where the stripes are not in the middle
  const auto thirds = folder.write(
      "thirds.svg",
      "<svg xmlns='http://www.w3.org/2000/svg' width='18' height='18'><rect width='18' "
      "height='18' fill='blue'/><rect width='6' height='18' fill='red'/></svg>");
  EXPECT_PIXEL(load_picture({thirds, 1, tall, 0, Fit::cover})->get(), tall, 20, 90, kBlue);
  EXPECT_PIXEL(load_picture({thirds, 1, tall, 0, Fit::stretch})->get(), tall, 20, 90, kRed);
}

TEST(Picture, PutsWhiteUnderTransparency) {
  const Folder folder;
  const auto png = make_png(
      folder / "t.png", kBox,
      [](cairo_t* cairo) {
        cairo_set_source_rgba(cairo, 1, 0, 0, 0.5);
        cairo_rectangle(cairo, 0, 0, 160, 180);
        cairo_fill(cairo);
      },
      CAIRO_FORMAT_ARGB32);
  const Yuv pink{149, 115, 184};  // (255 127 127)
  for (const auto& file : {png, recode(png, folder / "t.webp", "webpenc lossless=true")}) {
    const auto frame = load(file);
    EXPECT_PIXEL(frame.get(), kBox, 80, 90, pink);
    EXPECT_PIXEL(frame.get(), kBox, 240, 90, kWhite);
  }
  const auto svg =
      folder.write("t.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 9'/>");
  EXPECT_PIXEL(load(svg).get(), kBox, 160, 90, kWhite);
  const auto pdf = make_pdf(folder / "t.pdf", {{320, 180, [](cairo_t*) {}}});
  EXPECT_PIXEL(load(pdf).get(), kBox, 160, 90, kWhite);
}

TEST(Picture, DoesNotAliasWhenReduced) {
  const Folder folder;
  const auto stripes = make_png(folder / "stripes.png", {1280, 720}, [](cairo_t* cairo) {
    fill(cairo, 1, 1, 1);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    for (int x = 0; x < 1280; x += 2) cairo_rectangle(cairo, x, 0, 1, 720);
    cairo_fill(cairo);
  });
  const auto frame = load(stripes);
  for (int x = 20; x < 300; ++x) EXPECT_NEAR(pixel(frame.get(), kBox, x, 90).y, 126, 6) << x;
}

TEST(Picture, TurnsJpegByItsOrientation) {
  const Folder folder;
  const auto png = make_png(folder / "a.png", {64, 32}, [](cairo_t* cairo) {
    fill(cairo, 1, 1, 1);
    cairo_set_source_rgb(cairo, 1, 0, 0);
    cairo_rectangle(cairo, 0, 0, 16, 16);  // upper left corner as coded
    cairo_fill(cairo);
  });
  const auto jpeg = content_of(recode(png, folder / "a.jpg", kJpeg));
  const struct {
    char orientation;
    bool right;
    bool low;
  } cases[] = {{1, false, false}, {2, true, false}, {3, true, true}, {4, false, true},
               {5, false, false}, {6, true, false}, {7, true, true}, {8, false, true}};
  for (const auto& c : cases) {
    SCOPED_TRACE(int{c.orientation});
    const auto app1 = "\xff\xe1\0\x22"s + "Exif\0\0"s +
                      "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + c.orientation +
                      "\0\0\0\0\0\0\0"s;
    const auto file = folder.write("turned.jpg", jpeg.substr(0, 2) + app1 + jpeg.substr(2));
    const Size size = c.orientation > 4 ? Size{32, 64} : Size{64, 32};
    ASSERT_EQ(picture_size(file, 1), size);
    const auto frame = load(file, size);
    for (const bool right : {false, true})
      for (const bool low : {false, true})
        EXPECT_PIXEL(frame.get(), size, right ? size.width - 4 : 3, low ? size.height - 4 : 3,
                     (right == c.right && low == c.low ? kRed : kWhite));
  }
}

TEST(Picture, DrawsTheWantedPageOfAPdf) {
  const Folder folder;
  const auto pdf = make_pdf(folder / "-deck.pdf", {{400, 300, halves(400, 300, kR, kR)},
                                                   {1000, 100, halves(1000, 100, kG, kB)}});
  EXPECT_EQ(page_count(pdf), 2);
  EXPECT_EQ(picture_size(pdf, 1), (Size{833, 625}));
  EXPECT_EQ(picture_size(pdf, 2), (Size{2083, 208}));
  EXPECT_PIXEL(load(pdf, {40, 30}).get(), (Size{40, 30}), 5, 5, kRed);
  const auto frame = load(pdf, kBox, 2);  // 320x32 at 0,74
  EXPECT_PIXEL(frame.get(), kBox, 4, 71, kBlack);
  EXPECT_PIXEL(frame.get(), kBox, 4, 77, kGreen);
  EXPECT_PIXEL(frame.get(), kBox, 315, 103, kBlue);
  EXPECT_PIXEL(frame.get(), kBox, 315, 108, kBlack);
  EXPECT_NE(problem_of(pdf, 3).find("no page 3"), std::string::npos);
  EXPECT_NE(problem_of(pdf, 0).find("no page 0"), std::string::npos);
  EXPECT_FALSE(picture_size(pdf, 3));
}

TEST(Picture, HonoursTheRotationOfAPage) {
  const Folder folder;
  auto pdf = content_of(make_pdf(folder / "a.pdf", {{320, 180, halves(320, 180, kR, kB)}}));
  // Objects may move when readers rebuild the table of contents, which they do for this file.
  pdf.replace(pdf.find("/MediaBox"), 0, "/Rotate 90 ");
  const auto file = folder.write("turned.pdf", pdf);
  EXPECT_EQ(picture_size(file, 1), (Size{375, 667}));
  const Size box{180, 320};
  EXPECT_PIXEL(load(file, box).get(), box, 90, 20, kRed);
  EXPECT_PIXEL(load(file, box).get(), box, 90, 300, kBlue);
}

TEST(Picture, SaysWhyItCannotBeRead) {
  const Folder folder;
  const auto png = content_of(make_png(folder / "a.png", kBox, halves(320, 180, kR, kB)));
  const auto pdf = content_of(make_pdf(folder / "a.pdf", {{320, 180, halves(320, 180, kR, kB)}}));
  const auto jpeg = content_of(recode(folder / "a.png", folder / "a.jpg", kJpeg));
  auto huge = png;
  huge.replace(16, 4, "\0\0\x40\x01"s);
  const struct {
    std::string path;
    const char* why;
  } cases[] = {
      {folder / "absent", "no such file"},
      {folder.write("empty", ""), "not a picture"},
      {folder.write("text", "hello"), "not a picture"},
      {folder / ".", "not a picture"},
      {folder.write("cut.png", png.substr(0, 60)), "no picture can be decoded"},
      {folder.write("half.jpg", jpeg.substr(0, jpeg.size() / 2)), "cut off"},
      {folder.write("huge.png", huge), "larger than 16384"},
      {folder.write("cut.jpg", "\xff\xd8\xff\xe0"), "size cannot be read"},
      {folder.write("cut.pdf", "%PDF-1.7\n" + std::string(4096, 'x')), "not a readable PDF"},
      {folder.write("bad.svg", "<svg xmlns='http://www.w3.org/2000/svg'><rect>"), "readable SVG"},
  };
  for (const auto& c : cases)
    EXPECT_NE(problem_of(c.path).find(c.why), std::string::npos)
        << c.path << ": " << problem_of(c.path);
  EXPECT_NE(problem_of(folder / "a.png", 2).find("no page 2"), std::string::npos);
  const auto fifo = folder / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_FALSE(is_picture(fifo));
}

TEST(Picture, AnSvgThatIsTooLargeIsNotRead) {
  const Folder folder;
  const auto path = folder.write("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'>");
  std::filesystem::resize_file(path, 1ULL << 40);  // of nothing: no memory holds that
  EXPECT_EQ(problem_of(path), "it is an SVG of more than 64 MiB");
}

TEST(Picture, LoadsNothingThatItRefersTo) {
  const Folder folder;
  const auto png = make_png(folder / "red.png", kBox, halves(320, 180, kR, kR));
  const auto svg = folder.write("a.svg",
                                "<svg xmlns='http://www.w3.org/2000/svg' width='320' height='180'>"
                                "<image href='file://" +
                                    png + "' width='320' height='180'/></svg>");
  EXPECT_PIXEL(load(svg).get(), kBox, 160, 90, kWhite);
}

TEST(Picture, LoadingCanBeCancelled) {
  const Folder folder;
  auto* cancellable = g_cancellable_new();
  g_cancellable_cancel(cancellable);
  for (const auto& file : {make_png(folder / "a.png", kBox, halves(320, 180, kR, kR)),
                           make_pdf(folder / "a.pdf", {{320, 180, halves(320, 180, kR, kB)}})}) {
    const auto frame = load_picture({file, 1, kBox}, cancellable);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().kind, Kind::interrupted);
  }
  g_object_unref(cancellable);
}

TEST(Picture, ThePlaceholderShowsANumber) {
  const auto frame = page_placeholder(kBox, 12);
  EXPECT_PIXEL(frame.get(), kBox, 2, 2, (Yuv{201, 128, 128}));
  int dark = 0;
  for (int x = 80; x < 240; ++x) dark += pixel(frame.get(), kBox, x, 90).y < 150;
  EXPECT_GT(dark, 10);
}

TEST(BoundedProcess, IsKilledAtItsLimits) {
  EXPECT_EQ(run_bounded({"printf", "abc"}, nullptr), "abc");
  EXPECT_EQ(run_bounded({"false"}, nullptr).error().kind, Kind::media);
  EXPECT_EQ(run_bounded({"rostrum-no-such-program"}, nullptr).error().kind,
            Kind::missing_component);
  const auto endless = run_bounded({"yes"}, nullptr, {.output = 1 << 20});
  EXPECT_NE(endless.error().message.find("without end"), std::string::npos);
  const auto slow =
      run_bounded({"tail", "-f", "/dev/null"}, nullptr, {.time = std::chrono::seconds{1}});
  EXPECT_NE(slow.error().message.find("time limit"), std::string::npos);
  const auto greedy =
      run_bounded({"head", "-c", "400M", "/dev/zero"}, nullptr, {.memory = 1 << 20});
  EXPECT_FALSE(greedy);
}

}  // namespace
}  // namespace rostrum
