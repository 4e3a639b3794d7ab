// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/presentation.h"

#include "engine/bounded_process.h"
#include "engine/file.h"
#include "engine/interrupt.h"
#include "engine/scratch.h"
#include "lib/gst_ptr.h"
#include "tools/terminal.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <stop_token>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPrograms[] = {"soffice", "libreoffice"};
// A deck of some hundred slides takes a minute on a slow machine.
constexpr ProcessLimits kLimits{.time = std::chrono::minutes{5}, .memory = 8ULL << 30};

// Sets variables and becomes the program that follows.
constexpr std::string_view kFirst = "env";

// Where distributions keep what the program reads besides its own folder.
constexpr const char* kPlaces[] = {"/etc/libreoffice", "/var/lib/libreoffice",
                                   "/var/spool/libreoffice"};

// The program as it is found on PATH; "" if it is not.
std::string office() {
  for (const char* name : kPrograms)
    if (const GCharPtr found{g_find_program_in_path(name)}; found) return found.get();
  return {};
}

// What really works behind the launcher PREFIX/program/soffice, which would outlive it if it were
// killed; the launcher itself where it is another one.
fs::path worker_of(const std::string& launcher) {
  std::error_code error;
  const auto real = fs::canonical(launcher, error);
  const auto worker = real.parent_path() / "soffice.bin";
  return fs::is_regular_file(worker, error) ? worker : real;
}

bool may_be_read(const fs::path& real, const std::string& base,
                 const std::vector<std::string>& roots) {
  const auto below = [&](const std::string& root) {
    std::error_code error;
    const auto relative = real.lexically_relative(fs::weakly_canonical(root, error));
    return !relative.empty() && *relative.begin() != "..";
  };
  return below(base) || std::any_of(roots.begin(), roots.end(), below);
}

bool is_fresh(const fs::path& pdf, const fs::path& presentation) {
  std::error_code error;
  return fs::is_regular_file(pdf, error) &&
         fs::last_write_time(pdf, error) >= fs::last_write_time(presentation, error) && !error;
}

std::string file_uri(const std::string& path) {
  const GCharPtr uri{g_filename_to_uri(path.c_str(), nullptr, nullptr)};
  return uri ? uri.get() : "";
}

// It reads its own installation, PREFIX with PREFIX/program in it, and writes where its profile is.
Result<std::string> run_office(const fs::path& program, const std::string& presentation,
                               const std::string& work) {
  FileRules files;
  const auto folder = program.parent_path();
  files.read = {folder.filename() == "program" ? folder.parent_path().string() : program.string(),
                presentation};
  files.read.insert(files.read.end(), std::begin(kPlaces), std::end(kPlaces));
  files.work = {work};
  files.listens = true;  // in its folder (the path of a socket is short) for others who start it
  const std::unique_ptr<GCancellable, Freed<g_object_unref>> cancellable{g_cancellable_new()};
  const StopOnInterrupt stop;
  const std::stop_callback cancel{stop.token(), [&] { g_cancellable_cancel(cancellable.get()); }};
  return run_bounded(
      {std::string{kFirst}, "-C", work, "HOME=" + work, "TMPDIR=" + work, program.string(),
       "--headless", "--norestore", "-env:UserInstallation=" + file_uri(work + "/profile"),
       "-env:OSL_SOCKET_PATH=.", "--convert-to", "pdf", "--outdir", work, presentation},
      cancellable.get(), kLimits, -1, files);
}

// Path of the PDF.
Result<std::string> convert(const fs::path& program, const fs::path& presentation,
                            const std::string& work) {
  const auto pdf = work + "/" + presentation.stem().string() + ".pdf";
  std::error_code error;
  auto done = run_office(program, presentation.string(), work);
  // The first start with a new profile may do no more than make the profile.
  if (!done && done.error().kind != Kind::interrupted)
    done = run_office(program, presentation.string(), work);
  if (!done) return tl::unexpected(done.error());
  if (!fs::is_regular_file(pdf, error)) return fail(Kind::media, "it says that all went well");
  return pdf;
}

Error failed(const fs::path& presentation, const Error& why) {
  if (why.kind == Kind::interrupted) return why;
  auto what = why.message;  // names the program by the first word of the command
  if (what.starts_with(kFirst)) what.replace(0, kFirst.size(), "it");
  return {Kind::media, presentation.string() + ": LibreOffice makes no PDF of it: " + what +
                           "; save it as PDF beside the presentation"};
}

}  // namespace

Result<std::string> pdf_of(const fs::path& presentation, const std::string& base,
                           const std::vector<std::string>& roots, const std::string& target) {
  std::error_code error;
  const auto folder = fs::path{target} / (presentation.stem().string() + ".slides");
  const auto pdf = folder / (presentation.stem().string() + ".pdf");
  const auto real = fs::canonical(presentation, error);
  if (error || !fs::is_regular_file(real, error))
    return fail(Kind::usage, presentation.string() + ": is no file that can be read");
  if (!may_be_read(real, base, roots))
    return fail(Kind::manifest, presentation.string() + ": leads to " + real.string() +
                                    ", outside the folder; allow it with --allow-root " +
                                    real.parent_path().string());
  if (is_fresh(pdf, real)) return pdf.string();
  const auto program = office();
  if (program.empty())
    return fail(Kind::missing_component,
                presentation.string() +
                    ": LibreOffice, which makes slides of it, is not "
                    "installed; install the package libreoffice-impress, or "
                    "save it as PDF beside the presentation");
  fs::create_directories(folder, error);
  const Scratch work{(folder / ".work").string()};
  if (!work.path())
    return fail(Kind::usage, folder.string() + ": this folder cannot be written to");
  say("rostrum: " + presentation.string() + ": LibreOffice makes a PDF of it");
  const auto made = convert(worker_of(program), real, work.path());
  if (!made) return tl::unexpected(failed(presentation, made.error()));
  if (auto done = rename_durably(*made, pdf.string()); !done) return tl::unexpected(done.error());
  return pdf.string();
}

}  // namespace rostrum
