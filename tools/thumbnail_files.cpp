// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/thumbnail_files.h"

#include "engine/film_thumbnails.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace rostrum {

namespace {

ThumbnailSheets sheets_of(const FurtherOutput& output, const Plan& plan) {
  return thumbnail_sheets(plan.canvas, plan.grid.start(plan.frames.count()), output.every,
                          output.width);
}

PictureFile picture_of(const FurtherOutput& output, const Plan& plan, const std::string& path) {
  const auto last = std::max<std::int64_t>(plan.frames.count() - 1, 0);
  const auto frame = frame_shown_at(plan.grid, output.at) - plan.frames.first;
  const auto size =
      output.width > 0 ? scaled_to_width(plan.canvas, output.width) : Size{plan.canvas};
  return {std::clamp<std::int64_t>(frame, 0, last), size, path};
}

}  // namespace

std::vector<std::string> thumbnail_paths(const FurtherOutput& output, const Plan& plan) {
  std::vector<std::string> paths;
  if (output.kind == OutputKind::sheet)
    for (std::size_t n = 0; n < sheets_of(output, plan).sheets(); ++n)
      paths.push_back(sheet_path(output.path, n));
  paths.push_back(output.path);
  return paths;
}

ThumbnailFiles::ThumbnailFiles(const std::vector<NamedOutput>& outputs, const Plan& plan,
                               const std::string& suffix, int index)
    : plan_{plan} {
  for (const auto& named : outputs) {
    auto& made = all_.emplace_back(Files{named.output, {}});
    for (const auto& path : thumbnail_paths(named.output, plan))
      made.files.push_back(std::make_unique<TemporaryFile>(path, suffix, index++));
  }
}

Result<void> ThumbnailFiles::write(const std::string& film, const std::stop_token& stop) {
  std::vector<SheetFiles> sheets;
  std::vector<PictureFile> pictures;
  for (const auto& [output, files] : all_) {
    if (output.kind == OutputKind::picture) {
      pictures.push_back(picture_of(output, plan_, files.front()->path()));
      continue;
    }
    auto& sheet = sheets.emplace_back(SheetFiles{sheets_of(output, plan_), {}});
    for (std::size_t n = 0; n + 1 < files.size(); ++n) sheet.paths.push_back(files[n]->path());
  }
  if (sheets.empty() && pictures.empty()) return {};
  if (auto done = write_thumbnails(film, plan_.grid, sheets, pictures, stop); !done) return done;
  for (const auto& made : all_)
    if (made.output.kind == OutputKind::sheet)
      if (auto done = write_text(made); !done) return done;
  return {};
}

Result<void> ThumbnailFiles::write_text(const Files& sheet) const {
  const auto sheets = sheets_of(sheet.output, plan_);
  std::vector<std::string> uris;
  for (std::size_t n = 0; n < sheets.sheets(); ++n)
    uris.push_back(uri_of(sheet_path(sheet.output.path, n)));
  const auto& path = sheet.files.back()->path();
  std::ofstream file{path, std::ios::binary};
  file << thumbnail_text(sheets, uris);
  file.close();
  if (file) return {};
  return fail(Kind::usage, path + ": cannot be written: " + std::strerror(errno));
}

Result<void> ThumbnailFiles::commit() {
  for (auto& made : all_)
    for (auto& file : made.files)
      if (auto done = file->commit(); !done) return done;
  return {};
}

}  // namespace rostrum
