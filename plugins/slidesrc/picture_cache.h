// SPDX-License-Identifier: LGPL-2.1-or-later
// The few pictures shown last, so that each is rendered once while it is needed and memory stays
// flat.
#pragma once

#include "core/result.h"
#include "lib/gst_ptr.h"
#include "slidesrc/slide.h"

#include <gio/gio.h>

#include <list>
#include <tuple>

namespace rostrum {

struct CachedPicture {
  GstPtr<GstBuffer> frame;
  std::string problem;  // why a placeholder stands in for it; "" = it is the picture
};

// Streaming thread only.
class PictureCache {
 public:
  // The slide at this size (its own is not looked at). A picture that cannot be read gives a
  // placeholder; fails only when cancelled. Valid until the next call.
  Result<const CachedPicture*> get(const Slide& slide, Size size, GCancellable* cancellable);

  // What a gap shows.
  const CachedPicture& black(Size size);

 private:
  // location, page, width, height, fit, color or -1, background
  using Key = std::tuple<std::string, int, int, int, Fit, std::int64_t, std::uint32_t>;

  const CachedPicture* find(const Key& key);
  const CachedPicture& keep(Key key, CachedPicture picture);

  std::list<std::pair<Key, CachedPicture>> recent_;  // most recent first
};

}  // namespace rostrum
