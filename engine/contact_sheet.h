// SPDX-License-Identifier: LGPL-2.1-or-later
// The whole meeting on one page: a small picture of each scene, with its time and who is seen.
#pragma once

#include "core/chunk_job.h"
#include "core/contact_page.h"

#include <stop_token>
#include <string>

namespace rostrum {

struct ContactSheet {
  const Plan& plan;   // as it is rendered: scenes, times and names
  const Plan& small;  // the same job with the canvas of the pictures
  const ContactPage& page;
  const AssetPaths& paths;
  std::string title;
};

// The page as a PNG. The pictures are composed by the graph of the render, several at once
// (`threads` = 0: one per core); a medium that cannot be played is black, as there. Blocks. Fails
// as compose_frame() does; Kind::interrupted when stopped.
Result<std::string> draw_contact_sheet(const ContactSheet& sheet, const std::stop_token& stop = {},
                                       unsigned threads = 0);

}  // namespace rostrum
