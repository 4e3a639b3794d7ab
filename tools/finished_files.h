// SPDX-License-Identifier: LGPL-2.1-or-later
// Film and stems in the making: assembled under temporary names, checked, and given their own only
// when all are whole.
#pragma once

#include "core/loudness.h"
#include "engine/chunked_render.h"
#include "tools/options.h"
#include "tools/output_file.h"
#include "tools/render_files.h"
#include "tools/report.h"
#include "tools/stream_files.h"

#include <memory>
#include <stop_token>

namespace rostrum {

class FinishedFiles {
 public:
  // `suffix`: the end of the temporary names.  `scratch`: a place for what is only looked at.
  FinishedFiles(const RenderOptions& options, const Plan& plan, const RenderFiles& files,
                const std::string& suffix, std::string scratch);

  Result<void> assemble(const ChunkedFilm& film, const std::stop_token& stop);
  // Kind::verification where something is not as planned.  `met`: while rendering.
  Result<void> verify(const Job& job, const std::vector<Substitution>& met,
                      const std::stop_token& stop);
  // Of a programme with a loudness of its own: what it has come out at.  After verify().
  Result<std::optional<ProgrammeLoudness>> loudness(const Job& job, const std::stop_token& stop);
  // Writes the streams of the film, which is as it is to be.
  Result<void> write_streams(const std::stop_token& stop);
  // Stems and streams first: where the film is, they are.
  Result<void> commit();

  // The film's, unless nothing was to be verified.
  std::optional<VerifyReport> take_verified() { return std::move(verified_); }

 private:
  Result<VerifyReport> verify_one(const std::string& path, const std::string& name,
                                  const VerifyOptions& how) const;
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
  std::vector<std::unique_ptr<TemporaryFile>> stems_;
  StreamFiles streams_;
  bool sound_copied_ = false;
  std::optional<VerifyReport> verified_;
};

}  // namespace rostrum
