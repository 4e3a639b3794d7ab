// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/contact_sheet.h"

#include "core/initials.h"
#include "core/source_trials.h"
#include "engine/file.h"
#include "engine/picture_canvas.h"
#include "engine/text_layout.h"

#include <pango/pangocairo.h>

#include <cstdio>
#include <map>

namespace rostrum {

namespace {

constexpr std::uint32_t kPage = 0x1b1e24;
constexpr std::uint32_t kEdge = 0x3c424d;  // around a picture, which may be as dark as the page
constexpr std::uint32_t kText = 0xeceff4;
constexpr std::uint32_t kFaint = 0x9aa3b2;

struct Line {
  TextStyle style = {13, false};
  std::uint32_t color = kText;
  bool right = false;  // at the right edge of its box
  int lines = 1;       // more text than fits ends in an ellipsis
};

void draw_line(cairo_t* cairo, const std::string& text, Rect box, const Line& line) {
  const auto layout = lay_out_text(drawable(single_line(text)), line.style);
  pango_layout_set_width(layout.get(), box.width * PANGO_SCALE);
  pango_layout_set_height(layout.get(), -line.lines);
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout.get(), line.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  set_color(cairo, line.color);
  cairo_move_to(cairo, box.x, box.y);
  pango_cairo_show_layout(cairo, layout.get());
}

// A composed frame as cairo has pictures; null if it cannot be converted.
class Picture {
 public:
  Picture(GstBuffer* frame, Size size)
      : pixels_{convert_frame(frame, frame_info(size), srgb_info(kOpaque, size))} {
    if (!pixels_ || !gst_buffer_map(pixels_.get(), &map_, GST_MAP_READWRITE)) return;
    mapped_ = true;
    surface_.reset(cairo_image_surface_create_for_data(map_.data, CAIRO_FORMAT_RGB24, size.width,
                                                       size.height, 4 * size.width));
  }
  ~Picture() {
    surface_.reset();
    if (mapped_) gst_buffer_unmap(pixels_.get(), &map_);
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  cairo_surface_t* surface() const { return surface_.get(); }

 private:
  GstPtr<GstBuffer> pixels_;
  GstMapInfo map_{};
  bool mapped_ = false;
  SurfacePtr surface_;
};

// The page in the making.
class Sheet {
 public:
  explicit Sheet(const ContactSheet& sheet)
      : sheet_{sheet},
        surface_{make_surface(sheet.page.size, kPage)},
        cairo_{cairo_create(surface_.get())} {}

  void draw_header() {
    const auto& [plan, small, page, base, title] = sheet_;
    const int width = page.size.width - 2 * kContactMargin;
    draw_line(cairo_.get(), title, {kContactMargin, kContactMargin, width, 0},
              {.style = {24, true}});
    auto facts = clock_text(plan.grid.start(plan.frames.count())) + " · ";
    if (page.left_out > 0)
      facts += "the " + std::to_string(page.cells.size()) + " longest of " +
               std::to_string(plan.scenes.size()) + " scenes";
    else
      facts +=
          std::to_string(plan.scenes.size()) + (plan.scenes.size() == 1 ? " scene" : " scenes");
    facts += " · " + std::to_string(plan.canvas.width) + "x" + std::to_string(plan.canvas.height);
    draw_line(cairo_.get(), facts, {kContactMargin, kContactMargin + 36, width, 0},
              {.style = {15, false}, .color = kFaint});
  }

  void draw_caption(const ContactCell& cell) {
    const auto& plan = sheet_.plan;
    const auto& scene = plan.scenes[cell.scene];
    const auto start = plan.grid.start(scene.frames.first);
    const auto length = plan.grid.start(scene.frames.end) - start;
    const int width = sheet_.page.cell.width;
    const int y = cell.y + sheet_.small.canvas.height + 7;
    draw_line(cairo_.get(), clock_text(start), {cell.x, y, width / 2, 0}, {.style = {14, true}});
    draw_line(cairo_.get(), length_text(length), {cell.x + width / 2, y + 1, width - width / 2, 0},
              {.color = kFaint, .right = true});
    draw_line(cairo_.get(), names_seen(plan, scene), {cell.x, y + 19, width, 0}, {.lines = 2});
  }

  void draw_picture(const ContactCell& cell, const Picture& picture) {
    const auto size = sheet_.small.canvas;
    const int x = cell.x + (sheet_.page.cell.width - size.width) / 2;
    cairo_set_source_surface(cairo_.get(), picture.surface(), x, cell.y);
    cairo_paint(cairo_.get());
    cairo_set_source_rgb(cairo_.get(), 0, 0, 0);  // lets go of the picture's memory
    cairo_rectangle(cairo_.get(), x - 0.5, cell.y - 0.5, size.width + 1, size.height + 1);
    set_color(cairo_.get(), kEdge);
    cairo_set_line_width(cairo_.get(), 1);
    cairo_stroke(cairo_.get());
  }

  Result<std::string> png() {
    std::string bytes;
    cairo_surface_flush(surface_.get());
    const auto status = cairo_surface_write_to_png_stream(
        surface_.get(),
        [](void* to, const unsigned char* data, unsigned int size) {
          static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), size);
          return CAIRO_STATUS_SUCCESS;
        },
        &bytes);
    if (status == CAIRO_STATUS_SUCCESS) return bytes;
    return fail(Kind::internal, std::string{"the page cannot be written as a PNG: "} +
                                    cairo_status_to_string(status));
  }

 private:
  const ContactSheet& sheet_;
  SurfacePtr surface_;
  CairoPtr cairo_;
};

PoolTask task_of(const ContactSheet& sheet, const ContactCell& cell, const std::string& folder) {
  PoolTask task;
  task.key = "scene-" + std::to_string(cell.scene);
  task.length = sheet.plan.grid.start(1);
  task.job = sheet.base;
  task.job.slice = make_picture_slice(sheet.small, {cell.frame, cell.frame + 1});
  const auto needed = sources_of(task.job.slice);
  std::erase_if(task.job.paths, [&](const auto& path) { return !needed.contains(path.first); });
  task.job.on_damage = OnDamage::substitute;
  task.job.raw = true;
  task.job.output = folder + "/" + task.key + ".i420";
  return task;
}

GstPtr<GstBuffer> read_frame(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return {};
  const auto bytes = file->read(0, static_cast<std::size_t>(file->size()));
  return adopt(gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

Result<void> add_picture(const ContactSheet& sheet, const ContactCell& cell, Sheet& page,
                         const std::string& path) {
  const auto frame = read_frame(path);
  std::remove(path.c_str());
  const auto size = sheet.small.canvas;
  if (!frame || gst_buffer_get_size(frame.get()) != frame_info(size).size)
    return fail(Kind::internal, path + ": is no frame");
  const Picture picture{frame.get(), size};
  if (!picture.surface()) return fail(Kind::internal, path + ": cannot be converted");
  page.draw_picture(cell, picture);
  return {};
}

}  // namespace

Result<std::string> draw_contact_sheet(const ContactSheet& sheet, const PoolOptions& pool) {
  Sheet page{sheet};
  page.draw_header();
  std::vector<PoolTask> tasks;
  std::map<std::string, ContactCell> cells;
  for (const auto& cell : sheet.page.cells) {
    page.draw_caption(cell);
    tasks.push_back(task_of(sheet, cell, pool.spec_dir));
    cells.emplace(tasks.back().key, cell);
  }
  PoolEvents events;
  events.on_finished = [&](const PoolTask& task, const std::vector<Substitution>&) {
    return add_picture(sheet, cells.at(task.key), page, task.job.output);
  };
  if (auto done = run_pool(pool, std::move(tasks), events); !done)
    return tl::unexpected(done.error());
  return page.png();
}

}  // namespace rostrum
