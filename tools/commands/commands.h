// SPDX-License-Identifier: LGPL-2.1-or-later
// The commands of the tool, one per file.  Results go to stdout, diagnostics to stderr.
#pragma once

#include "tools/options.h"

namespace rostrum {

// With the network, before run_render(): brings the media of the link that JOB is here, and puts
// the job that was written in its place.
Result<void> fetch_for_render(RenderOptions& options);
Result<void> run_render(const RenderOptions& options);
Result<void> run_plan(const PlanCommandOptions& options);
Result<void> write_contact_sheet(const PlanCommandOptions& options);  // plan --contact-sheet
Result<void> write_waveform(const PlanCommandOptions& options);       // plan --waveform
// With the network: reads the job, and whether its hosts are allowed.
Result<void> open_record(RecordOptions& options);
Result<void> run_record(const RecordOptions& options);
// With the network, before run_preview(): opens the window's display and the sound.
Result<void> open_preview(PreviewOptions& options);
Result<void> run_preview(const PreviewOptions& options);
// The same of the window of `render --preview`, which says how that ended.
Result<void> open_window(PreviewOptions& options);
Result<void> run_window(const PreviewOptions& options);
Result<void> run_live_preview(const PreviewOptions& options);
Result<void> run_import(const ImportOptions& options);
Result<void> run_fetch(const FetchOptions& options);
Result<void> run_verify(const VerifyCommandOptions& options);
Result<void> run_doctor(const DoctorOptions& options);
Result<void> run_preview_web(const PreviewOptions& options);
Result<void> run_gc(const GcOptions& options);
Result<void> run_worker(const WorkerOptions& options);
// The first thing that a worker does, before gst_init(): it dies with its parent, and keeps only
// the rights that it needs.  Does not return if it cannot give up the others.
void begin_worker(const char* spec, int parent);

// Says with which builds of libraries a worker renders.
Result<void> run_builds();

}  // namespace rostrum
