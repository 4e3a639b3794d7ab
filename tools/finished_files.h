// SPDX-License-Identifier: LGPL-2.1-or-later
// Film and stems in the making: assembled under temporary names, checked, and given their own only
// when all are whole.
#pragma once

#include "core/loudness.h"
#include "engine/chunked_render.h"
#include "engine/work_dir.h"
#include "tools/options.h"
#include "tools/output_file.h"
#include "tools/render_files.h"
#include "tools/report.h"
#include "tools/stream_files.h"
#include "tools/thumbnail_files.h"

#include <memory>
#include <stop_token>

namespace rostrum {

class FinishedFiles {
 public:
  // `suffix`: the end of the temporary names.
  FinishedFiles(const RenderOptions& options, const Plan& plan, const RenderFiles& files,
                const std::string& suffix, const WorkDir& dir);

  Result<void> assemble(const ChunkedFilm& film, const std::stop_token& stop);
  // Kind::verification where something is not as planned.  `met`: while rendering.
  Result<void> verify(const Job& job, const std::vector<Substitution>& met,
                      const std::stop_token& stop);
  // Of a programme with a loudness of its own: what it has come out at.  After verify().
  Result<std::optional<ProgrammeLoudness>> loudness(const Job& job, const std::stop_token& stop);
  // Writes what else is made of the film, which is as it is to be.
  Result<void> write_further(const std::stop_token& stop);
  // All others first: where the film is, they are.
  Result<void> commit();

  // After commit().
  std::vector<RenditionReport> renditions() const;

  // The film's, unless nothing was to be verified.
  std::optional<VerifyReport> take_verified() { return std::move(verified_); }

 private:
  Result<VerifyReport> verify_one(const std::string& path, const std::string& name,
                                  const VerifyOptions& how) const;
  // An MP4 as it is joined: the film itself, or what it and its other forms are made of.
  const std::string& joined() const { return joined_ ? joined_->path() : film_.path(); }
  Result<void> write_form(const TemporaryFile& out, FilmForm form, const std::stop_token& stop);
  Result<void> write_films(const std::stop_token& stop);
  Result<void> write_streams(const std::stop_token& stop);
  Result<void> write_rendition(std::size_t n, const std::stop_token& stop);
  Result<VerifyReport> verify_film(const Job& job, const std::vector<Substitution>& met,
                                   VerifyOptions how) const;
  Expected expected() const;
  bool is_part() const { return options_.from || options_.to; }
  Nanoseconds length() const { return plan_.grid.start(plan_.frames.count()); }

  const RenderOptions& options_;
  const Plan& plan_;
  const RenderFiles& files_;
  const std::string scratch_;
  TemporaryFile film_;
  std::unique_ptr<TemporaryFile> joined_;  // in the work directory; null: the film is
  std::vector<std::unique_ptr<TemporaryFile>> films_;
  std::vector<std::unique_ptr<TemporaryFile>> stems_;
  StreamFiles streams_;
  ThumbnailFiles thumbnails_;
  const std::string rendition_path_;  // where each is joined before it is streamed
  const std::string suffix_;
  std::vector<std::vector<PicturePart>> renditions_;  // of each of the plan's
  bool sound_copied_ = false;
  std::optional<VerifyReport> verified_;
};

}  // namespace rostrum
