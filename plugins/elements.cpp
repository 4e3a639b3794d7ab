// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.h"

#include "chunksink/chunksink.h"
#include "jobsrc/jobsrc.h"
#include "slidesrc/slidesrc.h"
#include "speakerswitch/speakerswitch.h"
#include "timelinesrc/timelinesrc.h"
#include "truepeaklimiter/truepeaklimiter.h"

namespace rostrum {

bool register_elements(GstPlugin* plugin) {
  bool done = true;
  done &= GST_ELEMENT_REGISTER(timelinesrc, plugin);
  done = GST_ELEMENT_REGISTER(chunksink, plugin) && done;
  done = GST_ELEMENT_REGISTER(jobsrc, plugin) && done;
  done = GST_ELEMENT_REGISTER(slidesrc, plugin) && done;
  done = GST_ELEMENT_REGISTER(speakerswitch, plugin) && done;
  done = GST_ELEMENT_REGISTER(truepeaklimiter, plugin) && done;
  return done;
}

}  // namespace rostrum
