// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/contact_sheet.h"

#include "engine/file.h"
#include "engine/page.h"
#include "engine/picture_task.h"

#include <cstdio>
#include <map>

namespace rostrum {

namespace {

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
  explicit Sheet(const ContactSheet& sheet) : sheet_{sheet}, page_{sheet.page.size} {}

  void draw_header() {
    const auto& [plan, small, page, base, title] = sheet_;
    const int width = page.size.width - 2 * kContactMargin;
    page_.write(title, {kContactMargin, kContactMargin, width, 0}, {.style = {24, true}});
    auto facts = clock_text(plan.grid.start(plan.frames.count())) + " · ";
    if (page.left_out > 0)
      facts += "the " + std::to_string(page.cells.size()) + " longest of " +
               std::to_string(plan.scenes.size()) + " scenes";
    else
      facts +=
          std::to_string(plan.scenes.size()) + (plan.scenes.size() == 1 ? " scene" : " scenes");
    facts += " · " + std::to_string(plan.canvas.width) + "x" + std::to_string(plan.canvas.height);
    page_.write(facts, {kContactMargin, kContactMargin + 36, width, 0},
                {.style = {15, false}, .color = kPageFaint});
  }

  void draw_caption(const ContactCell& cell) {
    const auto& plan = sheet_.plan;
    const auto& scene = plan.scenes[cell.scene];
    const auto start = plan.grid.start(scene.frames.first);
    const auto length = plan.grid.start(scene.frames.end) - start;
    const int width = sheet_.page.cell.width;
    const int y = cell.y + sheet_.small.canvas.height + 7;
    page_.write(clock_text(start), {cell.x, y, width / 2, 0}, {.style = {14, true}});
    page_.write(length_text(length), {cell.x + width / 2, y + 1, width - width / 2, 0},
                {.color = kPageFaint, .right = true});
    page_.write(names_seen(plan, scene), {cell.x, y + 19, width, 0}, {.lines = 2});
  }

  void draw_picture(const ContactCell& cell, const Picture& picture) {
    const auto size = sheet_.small.canvas;
    const int x = cell.x + (sheet_.page.cell.width - size.width) / 2;
    cairo_set_source_surface(page_.cairo(), picture.surface(), x, cell.y);
    cairo_paint(page_.cairo());
    cairo_set_source_rgb(page_.cairo(), 0, 0, 0);  // lets go of the picture's memory
    cairo_rectangle(page_.cairo(), x - 0.5, cell.y - 0.5, size.width + 1, size.height + 1);
    set_color(page_.cairo(), kPageEdge);
    cairo_set_line_width(page_.cairo(), 1);
    cairo_stroke(page_.cairo());
  }

  Result<std::string> png() { return page_.png(); }

 private:
  const ContactSheet& sheet_;
  Page page_;
};

PoolTask task_of(const ContactSheet& sheet, const ContactCell& cell, const std::string& folder) {
  return picture_task("scene-" + std::to_string(cell.scene),
                      make_picture_slice(sheet.small, {cell.frame, cell.frame + 1}), sheet.base,
                      folder);
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
