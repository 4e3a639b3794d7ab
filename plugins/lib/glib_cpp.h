// SPDX-License-Identifier: LGPL-2.1-or-later
// Flags for g_param_spec_*(): when a property can be changed.
#pragma once

#include <gst/gst.h>

namespace rostrum {

inline constexpr auto kReadable =
    static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
inline constexpr auto kMutableReady =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
inline constexpr auto kMutablePlaying = static_cast<GParamFlags>(
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);

}  // namespace rostrum
