// SPDX-License-Identifier: LGPL-2.1-or-later
// A filter that keeps true peaks below a ceiling. docs/elements/truepeaklimiter.md describes it.
#pragma once

#include <gst/audio/gstaudiofilter.h>

G_BEGIN_DECLS
#define ROSTRUM_TYPE_TRUE_PEAK_LIMITER (rostrum_true_peak_limiter_get_type())
G_DECLARE_FINAL_TYPE(RostrumTruePeakLimiter, rostrum_true_peak_limiter, ROSTRUM, TRUE_PEAK_LIMITER,
                     GstAudioFilter)
GST_ELEMENT_REGISTER_DECLARE(truepeaklimiter)
G_END_DECLS
