// SPDX-License-Identifier: LGPL-2.1-or-later
// The whole meeting on one page: a small picture of each scene, with its time and who is seen.
#pragma once

#include "core/contact_page.h"
#include "engine/worker_pool.h"

#include <string>

namespace rostrum {

struct ContactSheet {
  const Plan& plan;   // as it is rendered: scenes, times and names
  const Plan& small;  // the same job with the canvas of the pictures
  const ContactPage& page;
  const ChunkJob& base;  // everything of a chunk job but slice and output
  std::string title;
};

// The page as a PNG.  The pictures are composed by the graph of the render, each by a worker of
// this pool, which puts it into pool.spec_dir until it is on the page; what cannot be played is
// black, as there.  Blocks.  Fails as run_pool() does.
Result<std::string> draw_contact_sheet(const ContactSheet& sheet, const PoolOptions& pool);

}  // namespace rostrum
